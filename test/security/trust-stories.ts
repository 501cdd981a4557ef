import { call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { ADMIN_TOKEN } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TERMS = '/api/v1/market/games/dofus/terms';
const OF_SERVER = '/api/v1/market/games/dofus/servers/draconiros/terms';
const CHANGE = { body: { saleTaxPct: 2, listingFeePct: 1 }, token: ADMIN_TOKEN };

const FLAGS = OBSERVATIONS_PATH.replace('observations', 'flags');

/** Observations that the worker has flagged, each of an item of its own: three prices of one day, one of them absurd. @returns their ids */
export async function makeFlagged(base: string, count: number): Promise<string[]> {
  const startMs = Date.UTC(2025, 0, 1, 12);
  const points = Array.from({ length: count }, (_, at) =>
    [10, 11, 9_999].map((unitPrice, hour) => ({
      externalId: 995_000_000 + at,
      unitPrice,
      capturedAt: new Date(startMs + hour * 3_600_000).toISOString(),
    })),
  ).flat();
  const { json } = await post(base, OBSERVATIONS_PATH, points);
  const results = json.results as { observationId: number }[];
  const absurd = results.filter((_, at) => at % 3 === 2).map(({ observationId }) => observationId);
  await waitUntil('the observations are flagged', 20_000, async () => {
    const flags = await get(base, `${FLAGS}?limit=200`);
    const flagged = new Set(
      (flags.json.items as { observationId: number }[]).map((flag) => flag.observationId),
    );
    return absurd.every((id) => flagged.has(id));
  });
  return absurd.map(String);
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
      path: `${OBSERVATIONS_PATH}/${(await makeFlagged(base(), 1))[0]}/flag`,
      body: { verdict: 'confirmed' },
    }),
  };
}
