import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getMarket } from '../contract/compat-calls.js';
import { get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// The whole way of a price with nobody helping: HTTP in, the worker's job, figures out, at both doors.

const ANALYTICS = '/api/v1/market/games/dofus/servers/draconiros/analytics';
const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);
const DAYS_AGO = [6, 5, 4, 3, 2, 1];
/** Per day from the first to the last: one item doubles, one halves, one stays. */
const RISING = 920_000_001;
const FALLING = 920_000_002;
const STEADY = 920_000_003;
const PRICES: Record<number, readonly number[]> = {
  [RISING]: [100, 110, 130, 150, 180, 200],
  [FALLING]: [80, 75, 70, 60, 50, 40],
  [STEADY]: [10, 10, 10, 10, 10, 10],
};
/** Change in percent from the first day to the last. */
const CLASSIC_PCT: Record<number, number> = { [RISING]: 100, [FALLING]: -50, [STEADY]: 0 };

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

interface Mover {
  externalId: number;
  label: string;
  changePct: number;
  lastPrice: number;
}

async function movers(method: string): Promise<Map<number, Mover>> {
  const { json } = await get(server.url, `${ANALYTICS}/movers?window=7&method=${method}`);
  return new Map((json.items as Mover[]).map((mover) => [mover.externalId, mover]));
}

describe('prices that come in', () => {
  it('show in movers and index, native and compat, once the worker has followed', async () => {
    const points = Object.entries(PRICES).flatMap(([externalId, prices]) =>
      prices.map((unitPrice, index) => ({
        externalId: Number(externalId),
        unitPrice,
        capturedAt: `${dayOf(DAYS_AGO[index]!)}T03:00:00Z`,
      })),
    );
    const sent = await post(server.url, OBSERVATIONS_PATH, points);
    expect([sent.status, sent.json.acceptedCount]).toEqual([201, points.length]);

    const classic = await waitUntil('the movers know all three items', 60_000, async () => {
      const found = await movers('classic');
      return found.size === 3 && found;
    });
    for (const [externalId, changePct] of Object.entries(CLASSIC_PCT))
      expect(classic.get(Number(externalId))!.changePct).toBeCloseTo(changePct, 6);
    const robust = await movers('robust');
    expect(robust.get(RISING)!.changePct).toBeGreaterThan(0);
    expect(robust.get(FALLING)!.changePct).toBeLessThan(0);
    expect(robust.get(STEADY)!.changePct).toBeCloseTo(0, 6);

    // Each was seen on as many days as the others, so the index is their plain mean.
    const indexPct = (100 - 50 + 0) / 3;
    const index = (await get(server.url, `${ANALYTICS}/index?window=7&method=classic`)).json;
    expect(index).toMatchObject({ itemCount: 3, n: points.length });
    expect(index.changePct).toBeCloseTo(indexPct, 1);
    expect((await get(server.url, `${ANALYTICS}/index?window=7`)).json).toMatchObject({ itemCount: 3 });

    const question = `server=Draconiros&from=${dayOf(6)}&to=${dayOf(0)}`;
    const compat = await getMarket(server, `resource=market&type=index&${question}`);
    expect(compat.body).toMatchObject({ server: 'Draconiros', total_items: 3 });
    expect(compat.body.index_change).toBeCloseTo(indexPct, 1);
    const listed = await getMarket(server, `resource=market&type=movers&${question}&order=desc`);
    expect(
      (listed.body as { item_name: string; pct_change: number }[]).map((row) => [
        row.item_name,
        Math.round(row.pct_change),
      ]),
    ).toEqual([RISING, STEADY, FALLING].map((id) => [classic.get(id)!.label, CLASSIC_PCT[id]]));
  });
});
