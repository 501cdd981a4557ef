import type { FilePurpose } from '../../platform/storage/file-purposes.js';

/** The picture of an item, as the game shows it. The platform's own: it belongs to the catalogue, whoever sent it. */
export const MARKET_ICON: FilePurpose = {
  name: 'market-icon',
  maxBytes: 262_144,
  mediaTypes: ['image/png', 'image/jpeg', 'image/webp'],
  picture: { maxPixels: 1_048_576 },
  keptDays: null,
  isCounted: false,
};

const ICONS_PATH = '/api/v1/market/icons';

/** @param origin empty for an address within this server @returns null for an item without an icon */
export function iconUrl(iconId: string, origin?: string): string;
export function iconUrl(iconId: string | null, origin?: string): string | null;
export function iconUrl(iconId: string | null, origin = ''): string | null {
  return iconId && `${origin}${ICONS_PATH}/${iconId}`;
}

/** Its body is bytes, which no parser shall touch. */
export const ICON_ROUTE = {
  method: 'PUT',
  path: /^\/api\/v1\/market\/games\/[^/]+\/items\/[^/]+\/icon$/,
} as const;
