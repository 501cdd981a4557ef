import type { FilePurpose } from '../../platform/storage/file-purposes.js';
import { MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS } from './uvtt-reader.js';

/** The picture of a battle map: one of its uploader's files, seen by others through the map only. */
export const BATTLE_MAP_PICTURE: FilePurpose = {
  name: 'battle-map',
  maxBytes: MOST_PICTURE_BYTES,
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  picture: { maxPixels: MOST_PICTURE_PIXELS },
  keptDays: null,
  isCounted: true,
};

/** Its body is bytes, which no parser shall touch. */
export const UVTT_ROUTE = {
  method: 'POST',
  path: /^\/api\/v1\/tabletop\/campaigns\/[^/]+\/maps\/import\/uvtt$/,
} as const;
