import type { FilePurpose } from '../../platform/storage/file-purposes.js';

/** The picture of a profile: one of its account's files, seen by others through the profile only. */
export const RUNNER_PICTURE: FilePurpose = {
  name: 'runner-picture',
  maxBytes: 5 * 1_048_576,
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  picture: { maxPixels: 24_000_000 },
  keptDays: null,
  isCounted: true,
};

/** Its body is bytes, which no parser shall touch. */
export const RUNNER_PICTURE_ROUTE = { method: 'PUT', path: '/api/v1/running/profile/picture' } as const;
