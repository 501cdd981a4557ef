import { call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { ADMIN_TOKEN } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TERMS = '/api/v1/market/games/dofus/terms';
const OF_SERVER = '/api/v1/market/games/dofus/servers/draconiros/terms';
const CHANGE = { body: { saleTaxPct: 2, listingFeePct: 1 }, token: ADMIN_TOKEN };

const FLAGS = OBSERVATIONS_PATH.replace('observations', 'flags');

/** An observation that the worker has flagged: three prices of one day, one of them absurd. @returns its path */
async function aFlagged(base: string): Promise<string> {
  const startMs = Date.UTC(2025, 0, 1, 12);
  const prices = [10, 11, 9_999].map((unitPrice, hour) => ({
    externalId: 990_000_001,
    unitPrice,
    capturedAt: new Date(startMs + hour * 3_600_000).toISOString(),
  }));
  const { json } = await post(base, OBSERVATIONS_PATH, prices);
  const id = (json.results as { observationId: number }[])[2]!.observationId;
  await waitUntil('the observation is flagged', 20_000, async () => {
    const flags = await get(base, FLAGS);
    return (flags.json.items as { observationId: number }[]).some((flag) => flag.observationId === id);
  });
  return `${OBSERVATIONS_PATH}/${id}/flag`;
}

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
    'PUT /api/v1/market/games/{game}/servers/{server}/observations/{id}/flag': async () => ({
      path: await aFlagged(base()),
      body: { verdict: 'confirmed' },
    }),
  };
}
