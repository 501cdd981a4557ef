import { call } from '../support/api-client.js';
import { ADMIN_TOKEN } from '../support/server-process.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TERMS = '/api/v1/market/games/dofus/terms';
const OF_SERVER = '/api/v1/market/games/dofus/servers/draconiros/terms';
const CHANGE = { body: { saleTaxPct: 2, listingFeePct: 1 }, token: ADMIN_TOKEN };

/** Calls that succeed on routes of trade terms and of flags. */
export function trustStories(base: () => string): Record<string, () => Promise<Sent>> {
  return {
    'PUT /api/v1/market/games/{game}/terms': () => Promise.resolve({ path: TERMS, ...CHANGE }),
    'PUT /api/v1/market/games/{game}/servers/{server}/terms': () =>
      Promise.resolve({ path: OF_SERVER, ...CHANGE }),
    'DELETE /api/v1/market/games/{game}/servers/{server}/terms': async () => {
      await call(base(), 'PUT', OF_SERVER, CHANGE);
      return { path: OF_SERVER, token: ADMIN_TOKEN };
    },
  };
}
