import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const SERVERS = '/api/v1/market/games/dofus/servers';
const DAY_MS = 86_400_000;
const NOW = Date.now();
const DAYS = 40;
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);

/** Dips that recover within two days. */
const [WINS, LOSES, FLAT] = [11, 12, 13];
const PRICES: Record<number, (day: number) => number> = {
  [WINS]: (day) => (day % 10 === 5 || day % 10 === 6 ? 50 : 100),
  // Ever cheaper: always below its median, and never back.
  [LOSES]: (day) => Math.round(10_000 * 0.95 ** day),
  [FLAT]: () => 100,
};

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ id: number; externalId: number }>(
      'SELECT id, external_id AS "externalId" FROM market.item WHERE id BETWEEN 11 AND 13',
    );
    const points = rows.flatMap(({ id, externalId }) =>
      Array.from({ length: DAYS }, (_, day) => ({
        externalId,
        unitPrice: PRICES[id]!(day),
        capturedAt: `${dayOf(DAYS - day)}T00:00:00Z`,
      })),
    );
    const { json } = await post(server.url, OBSERVATIONS_PATH, points);
    expect(json.acceptedCount).toBe(points.length);
    await rebuildRollups(runnerOf(owner), dayOf(0));
    // A server of many items, each seen on one day.
    await owner.query(
      `INSERT INTO market.daily (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
       SELECT s.id, i.id, $1::date, 1, 5, 5, 5, 5, 5, 5, $1::date, $1::date
       FROM market.server s, market.item i WHERE s.key = 'imagiro' AND i.id <= 6500`,
      [dayOf(50)],
    );
  } finally {
    await owner.end();
  }
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ASKED = {
  rule: { windowDays: 7, minMarginOnCostPct: 10 },
  from: dayOf(DAYS - 8),
  to: dayOf(1),
  holdDays: 2,
};
const run = (asked: object, key = 'draconiros'): Promise<Answer> =>
  post(server.url, `${SERVERS}/${key}/backtests`, asked);
const ofItems = (...itemIds: number[]) => ({ ...ASKED, rule: { ...ASKED.rule, itemIds } });

describe('a backtest', () => {
  it('of a rule that buys dips wins where they recover, and against random buying', async () => {
    const { status, json } = await run(ofItems(WINS, FLAT));
    expect(status).toBe(200);
    expect(json).toMatchObject({ server: 'draconiros', itemCount: 2, saleTaxPct: 0, listingFeePct: 0 });
    expect(json).toMatchObject({ tradeCount: 3, hitRatePct: 100, meanReturnPct: 100, maxDrawdownPct: 0 });
    expect(json).toMatchObject({ totalReturnPct: 300, mostHeldCount: 1, random: { draws: 200 } });
    expect(json.random.meanReturnPct).toBeLessThan(60);
    expect(json.random.p).toBeLessThan(0.05);
    expect(json.trades[0]).toEqual({
      itemId: WINS,
      decidedOn: dayOf(DAYS - 15),
      enteredOn: dayOf(DAYS - 16),
      entryPrice: 50,
      exitedOn: dayOf(DAYS - 18),
      exitPrice: 100,
      reason: 'held',
      returnPct: 100,
    });
  });

  it('loses where prices only fall', async () => {
    const { json } = await run(ofItems(LOSES));
    expect(json.tradeCount).toBeGreaterThan(5);
    expect(json.hitRatePct).toBe(0);
    expect(json.meanReturnPct).toBeLessThan(-5);
    expect(json.maxDrawdownPct).toBeGreaterThan(30);
  });

  it('sells at the stop', async () => {
    const { json } = await run({ ...ofItems(LOSES), holdDays: 30, stopLossPct: 12 });
    expect(json.trades[0]).toMatchObject({ reason: 'stop' });
  });

  it('answers the same by the same seed, and draws others by another', async () => {
    const first = await run({ ...ofItems(WINS, LOSES), seed: 7 });
    expect((await run({ ...ofItems(WINS, LOSES), seed: 7 })).json).toEqual(first.json);
    const other = (await run({ ...ofItems(WINS, LOSES), seed: 8 })).json;
    expect(other).toEqual({ ...first.json, seed: 8, random: expect.anything() });
    expect(other.random.meanReturnPct).not.toBe(first.json.random.meanReturnPct);
  });

  it('of a rule that matches nothing has no trades', async () => {
    const { status, json } = await run(ofItems(FLAT));
    expect(status).toBe(200);
    expect(json).toMatchObject({ tradeCount: 0, meanReturnPct: null, random: null, trades: [] });
    const unheard = await run({ ...ASKED, rule: { categoryIds: [2_147_483_647], itemIds: [2_147_483_647] } });
    expect(unheard.json).toMatchObject({ itemCount: 0, tradeCount: 0, random: null });
  });

  it.each([
    [{ from: dayOf(1), to: dayOf(9) }, 400, 'market/invalid-span'],
    [{ from: '2020-01-01' }, 422, 'market/span-too-long'],
    [{ rule: { method: 'document' } }, 422, 'market/backtest-refused'],
    [{ holdDays: 0 }, 400, undefined],
    [{ from: '2026-02-30' }, 400, undefined],
    [{ rule: { windowDays: 8 } }, 400, undefined],
    [{ rule: { itemIds: [2_147_483_648] } }, 400, undefined],
    [{ rule: undefined }, 400, undefined],
    [{ signals: {} }, 400, undefined],
    [{ rule: undefined, signals: { minProfit: 1 } }, 400, undefined],
    [{ rule: undefined, signals: { minPrice: 2, maxPrice: 1 } }, 400, undefined],
    [{ surprise: 1 }, 400, undefined],
  ])('refuses %j', async (change, status, code) => {
    expectProblem(await run({ ...ASKED, ...change }), status, code);
  });

  it('of signals buys dips that stand apart, and names what it wants where it gets both rules', async () => {
    const { rule: _, ...asked } = ASKED;
    const { status, json } = await run({ ...asked, signals: { windowDays: 7, itemIds: [WINS, FLAT] } });
    expect(status).toBe(200);
    expect(json).toMatchObject({ itemCount: 2, tradeCount: 3, hitRatePct: 100, meanReturnPct: 100 });
    expect(json.trades[0]).toMatchObject({ itemId: WINS, decidedOn: dayOf(DAYS - 15), entryPrice: 50 });
    const both = await run({ ...ASKED, signals: {} });
    expect(both.json.errors).toEqual([expect.objectContaining({ pointer: '/rule' })]);
  });

  it('of a whole server over a quarter is worked out at once', async () => {
    const quarter = { from: dayOf(90), to: dayOf(1) };
    for (const rule of [{ rule: { windowDays: 365 } }, { signals: { windowDays: 90 } }]) {
      const { status, json } = await run({ ...quarter, ...rule }, 'imagiro');
      expect({ status, json }).toMatchObject({ status: 200, json: { itemCount: 6_500, tradeCount: 0 } });
    }
  });

  it('refuses more than can be worked out at once, and says how much can', async () => {
    const wide = { rule: { windowDays: 365 }, from: dayOf(700), to: dayOf(1) };
    const answer = await run(wide, 'imagiro');
    expectProblem(answer, 422, 'market/backtest-refused');
    const [, most] = /at most (\d+)/.exec(answer.json.detail)!;
    expect(Number(most)).toBeGreaterThan(1_000);
    expect((await run({ ...wide, rule: { windowDays: 365, itemIds: [1, 2] } }, 'imagiro')).status).toBe(200);
  });

  it('refuses an unknown server', async () => {
    expectProblem(await run(ASKED, 'nowhere'), 404, 'market/unknown-server');
  });
});
