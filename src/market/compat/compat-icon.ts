import { MARKET_ICON } from '../icons/market-icon.js';

/** What the form of an icon may hold: it is small, and is kept in memory until it is whole. */
export const ICON_LIMITS = {
  fileSize: MARKET_ICON.maxBytes,
  files: 1,
  fields: 8,
  fieldSize: 256,
  fieldNameSize: 100,
  parts: 10,
};

/** Its body is a form, read by the route. */
export const COMPAT_ICON_ROUTE = {
  method: 'POST',
  path: '/compat/dofus/api/data',
  types: ['multipart/form-data'],
} as const;
