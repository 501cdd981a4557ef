import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const GAME = '/api/v1/market/games/dofus';
const PRICES = `${GAME}/prices`;
const ARBITRAGE = `${GAME}/analytics/arbitrage`;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EXTERNAL_ID = 950_000_001;
const MIDNIGHT_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;

let database: TestDatabase;
let server: ServerProcess;
let itemId: number;

const send = async (key: string, points: [atMs: number, unitPrice: number][]): Promise<void> => {
  const answer = await post(
    server.url,
    OBSERVATIONS_PATH.replace('draconiros', key),
    points.map(([atMs, unitPrice]) => ({
      externalId: EXTERNAL_ID,
      unitPrice,
      capturedAt: new Date(atMs).toISOString(),
    })),
  );
  expect(answer.json.acceptedCount).toBe(points.length);
};
const daysBack = (days: number, hour: number): number => MIDNIGHT_MS - days * DAY_MS + hour * HOUR_MS;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const nowMs = Date.now() - 60_000;
  await send('draconiros', [
    [daysBack(5, 10), 100],
    [daysBack(4, 10), 102],
    [daysBack(3, 10), 104],
    [daysBack(2, 6), 106],
    [daysBack(2, 18), 10],
    [nowMs, 108],
  ]);
  await send('hell-mina', [
    [daysBack(2, 12), 190],
    [nowMs, 200],
  ]);
  const [row] = await queryRows<{ id: number }>(
    database.url,
    'SELECT id FROM market.item WHERE external_id = $1',
    [EXTERNAL_ID],
  );
  itemId = row!.id;
  await waitUntil('the rollups have followed', 20_000, async () => {
    const [{ n }] = (await queryRows(
      database.url,
      'SELECT count(*)::int AS n FROM market.window_stat WHERE item_id = $1 AND days = 30',
      [itemId],
    )) as [{ n: number }];
    return n === 2;
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = async (path: string): Promise<Answer['json']> => {
  const answer = await get(server.url, path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer.json;
};

describe('prices across servers', () => {
  it('come with age, flag, week and confidence, by our ids and by the game’s', async () => {
    const answer = await read(`${PRICES}?itemIds=${itemId},999999999`);
    expect(answer).toEqual({
      game: 'dofus',
      asOf: expect.any(String),
      items: [
        {
          itemId,
          externalId: EXTERNAL_ID,
          label: expect.any(String),
          prices: [
            expect.objectContaining({
              server: 'draconiros',
              unitPrice: 108,
              isFlagged: false,
              isSimulated: false,
              low7d: 100,
              n30d: 6,
            }),
            expect.objectContaining({ server: 'hell-mina', unitPrice: 200, n30d: 2 }),
          ],
        },
      ],
    });
    const [first, second] = answer.items[0].prices;
    expect(first.median7d).toBe(104);
    expect(first.ageS).toBeGreaterThanOrEqual(60);
    expect(first.confidence).toBeGreaterThan(second.confidence);
    const { items } = await read(`${PRICES}?externalIds=${EXTERNAL_ID}&servers=hell-mina`);
    expect(items[0].prices).toEqual([{ ...second, ageS: expect.any(Number) }]);
  });

  it('say what had been seen at a past moment, and nothing that came later', async () => {
    const dayBefore = new Date(daysBack(3, 0)).toISOString().slice(0, 10);
    const [item] = (await read(`${PRICES}?itemIds=${itemId}&asOf=${dayBefore}`)).items;
    expect(item.prices).toEqual([
      expect.objectContaining({ server: 'draconiros', unitPrice: 104, median7d: 102, low7d: 100, n30d: 3 }),
    ]);
    expect(item.prices[0].ageS).toBe(14 * 3_600);

    const instant = encodeURIComponent(new Date(daysBack(2, 13)).toISOString());
    const [then] = (await read(`${PRICES}?itemIds=${itemId}&asOf=${instant}`)).items;
    expect(then.prices).toEqual([
      expect.objectContaining({ server: 'draconiros', unitPrice: 106, median7d: 102, ageS: 7 * 3_600 }),
      expect.objectContaining({
        server: 'hell-mina',
        unitPrice: 190,
        median7d: null,
        low7d: null,
        confidence: 0,
      }),
    ]);
    const flagged = encodeURIComponent(new Date(daysBack(2, 19)).toISOString());
    const [troll] = (await read(`${PRICES}?itemIds=${itemId}&asOf=${flagged}&servers=draconiros`)).items;
    expect(troll.prices[0]).toMatchObject({ unitPrice: 10, isFlagged: true });
    expect((await read(`${PRICES}?itemIds=${itemId}&asOf=2015-01-01`)).items).toEqual([]);
  });

  it('of one server are the same in detail, and without are as they were', async () => {
    const path = `${GAME}/servers/draconiros/prices?ids=${itemId}`;
    const [basic] = (await read(path)).items;
    expect(Object.keys(basic)).not.toContain('confidence');
    const full = await read(`${path}&detail=full`);
    expect(full).toMatchObject({ server: 'draconiros', asOf: expect.any(String) });
    expect(full.items).toEqual([
      expect.objectContaining({ itemId, externalId: EXTERNAL_ID, unitPrice: 108, median7d: 104, low7d: 100 }),
    ]);
    const dayBefore = new Date(daysBack(4, 0)).toISOString().slice(0, 10);
    expect((await read(`${path}&asOf=${dayBefore}`)).items[0].unitPrice).toBe(102);
  });

  it('follow the days of a month whose raw rows are gone', async () => {
    await queryRows(database.url, 'INSERT INTO market.detached_month (month) VALUES ($1)', ['2019-01-01']);
    await queryRows(
      database.url,
      `INSERT INTO market.daily (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
       SELECT id, $1, '2019-01-05', 2, 14, 6, 8, 6, 8, 7, '2019-01-05T01:00Z', '2019-01-05T02:00Z'
       FROM market.server WHERE key = 'brial'`,
      [itemId],
    );
    const [item] = (await read(`${PRICES}?itemIds=${itemId}&asOf=2019-01-06`)).items;
    expect(item.prices).toEqual([
      expect.objectContaining({ server: 'brial', unitPrice: 8, lots: null, source: null, isSimulated: null }),
    ]);
  });

  it.each([
    ['', 'itemIds'],
    ['?itemIds=1&externalIds=1', 'itemIds'],
    [`?itemIds=${Array.from({ length: 501 }, () => 1).join(',')}`, 'itemIds'],
    ['?itemIds=1;2', 'itemIds'],
    ['?itemIds=1&asOf=yesterday', 'asOf'],
    ['?itemIds=1&asOf=2999-01-01', 'asOf'],
    ['?itemIds=1&asOf=1815-06-18', 'asOf'],
    [`?itemIds=1&servers=${Array.from({ length: 101 }, () => 'brial').join(',')}`, 'servers'],
    ['?itemIds=1&more=1', 'more'],
  ])('refuse the query "%.60s"', async (query, field) => {
    const answer = await get(server.url, PRICES + query);
    expectProblem(answer, 400);
    expect(answer.json.errors[0].pointer).toBe(`/${field}`);
  });

  it('are of games and servers that exist', async () => {
    expectProblem(await get(server.url, `${PRICES}?itemIds=1&servers=nowhere`), 404, 'market/unknown-server');
    expectProblem(
      await get(server.url, `${PRICES.replace('dofus', 'chess')}?itemIds=1`),
      404,
      'market/unknown-game',
    );
  });
});

describe('arbitrage', () => {
  const find = async (query = ''): Promise<Record<string, unknown>[]> =>
    (await read(`${ARBITRAGE}?itemIds=${itemId}${query}`)).items;

  it('names both servers, and follows what selling costs there', async () => {
    expect(await find()).toEqual([
      {
        itemId,
        externalId: EXTERNAL_ID,
        label: expect.any(String),
        buy: { server: 'draconiros', unitPrice: 108, capturedAt: expect.any(String) },
        sell: { server: 'hell-mina', unitPrice: 200, capturedAt: expect.any(String) },
        netPrice: 200,
        profit: 92,
        marginPct: expect.closeTo(85.185, 2),
        n: 2,
        confidence: expect.any(Number),
      },
    ]);
    await call(server.url, 'PUT', `${GAME}/servers/hell-mina/terms`, {
      body: { saleTaxPct: 10, listingFeePct: 2 },
      token: ADMIN_TOKEN,
    });
    expect(await find()).toEqual([
      expect.objectContaining({ netPrice: expect.closeTo(176, 9), profit: expect.closeTo(68, 9) }),
    ]);
  });

  it.each([
    ['&minProfit=69', 0],
    ['&minProfit=67', 1],
    ['&minMarginPct=70', 0],
    ['&minConfidence=0.9', 0],
    ['&buyOn=hell-mina', 0],
    ['&buyOn=draconiros,brial&sellOn=hell-mina', 1],
    ['&sellOn=draconiros', 0],
    ['&maxAgeH=1&order=margin', 1],
  ])('is filtered by %s', async (query, count) => {
    expect(await find(query)).toHaveLength(count);
  });

  it.each([
    'minProfit=-1',
    'minConfidence=2',
    'order=sideways',
    'limit=0',
    'maxAgeH=0',
    'itemIds=a',
    'buyOn=,',
    'cursor=no',
  ])('refuses ?%s', async (query) => {
    expectProblem(await get(server.url, `${ARBITRAGE}?${query}`), 400);
  });

  it('is between servers that exist', async () => {
    expectProblem(await get(server.url, `${ARBITRAGE}?sellOn=nowhere`), 404, 'market/unknown-server');
  });
});
