import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ADVISORY_LOCK } from '../../src/platform/database/advisory-locks.js';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const SERVER = '/api/v1/market/games/dofus/servers/draconiros';
const ANALYTICS = `${SERVER}/analytics`;
const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);

let database: TestDatabase;
let owner: pg.Client;
let server: ServerProcess;

const read = async (path: string): Promise<Answer> => {
  const answer = await get(server.url, path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer;
};

/** Per item: prices of one day, that many days ago. Item 14 is seen on one day only, item 15 has cost nothing. */
const WORLD: Record<number, [daysAgo: number, ...prices: number[]][]> = {
  11: [
    [6, 100],
    [5, 110],
    [4, 120],
    [2, 130],
    [1, 150, 250],
  ],
  12: [
    [6, 50, 70],
    [4, 50],
    [3, 45],
    [1, 30],
  ],
  13: [
    [20, 10],
    [2, 11],
  ],
  14: [[1, 999]],
  15: [
    [3, 1],
    [2, 1],
    [1, 5],
  ],
};

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const { rows } = await owner.query<{ id: number; externalId: number }>(
    'SELECT id, external_id AS "externalId" FROM market.item WHERE id BETWEEN 11 AND 15',
  );
  const points = rows.flatMap(({ id, externalId }) =>
    WORLD[id]!.flatMap(([daysAgo, ...prices]) =>
      prices.map((unitPrice, index) => ({
        externalId,
        unitPrice,
        capturedAt: `${dayOf(daysAgo)}T00:${String(index * 20).padStart(2, '0')}:00Z`,
      })),
    ),
  );
  const { json } = await post(server.url, OBSERVATIONS_PATH, points);
  expect(json.acceptedCount).toBe(points.length);
  // The original's packet reader may send a price of zero; the native API refuses it.
  await owner.query('UPDATE market.observation SET price = 0 WHERE item_id = 15 AND price = 1');
  await rebuildRollups(runnerOf(owner), dayOf(0));
});

afterAll(async () => {
  await server.stop();
  await owner.end();
  await database.drop();
});

interface Mover {
  itemId: number;
  changePct: number;
  n: number;
  days: number;
}
const idsOf = ({ json }: Answer): number[] => (json.items as Mover[]).map(({ itemId }) => itemId);

describe('movers', () => {
  it('by the classic method go from the first day’s mean to the last day’s', async () => {
    const { json } = await read(`${ANALYTICS}/movers?window=7&method=classic`);
    expect(json).toMatchObject({
      server: 'draconiros',
      from: dayOf(7),
      to: dayOf(0),
      method: 'classic',
      nextCursor: null,
    });
    expect(json.items[0]).toEqual({
      itemId: 11,
      externalId: expect.any(Number),
      label: expect.any(String),
      changePct: 100,
      firstPrice: 100,
      lastPrice: 200,
      n: 6,
      days: 5,
      firstSeenAt: `${dayOf(6)}T00:00:00.000Z`,
      lastSeenAt: `${dayOf(1)}T00:20:00.000Z`,
      confidence: expect.any(Number),
    });
    const changes = Object.fromEntries(
      (json.items as Mover[]).map(({ itemId, changePct }) => [itemId, changePct]),
    );
    expect(changes).toEqual({ 11: 100, 12: -50, 13: 0, 14: 0, 15: 0 });
  });

  it('by the robust method compare medians of three days', async () => {
    const { json } = await read(`${ANALYTICS}/movers?window=7`);
    expect(json.method).toBe('robust');
    const [first] = json.items;
    expect(first).toMatchObject({ itemId: 11, firstPrice: 110, lastPrice: 130 });
    expect(first.changePct).toBeCloseTo((130 / 110 - 1) * 100, 9);
  });

  it.each([
    ['order=asc', [12, 13, 14, 15, 11]],
    ['order=abs', [11, 12, 13, 14, 15]],
    ['minPrice=31', [11, 14]],
    ['maxPrice=30&order=asc', [12, 13, 15]],
    ['itemIds=12,11', [11, 12]],
    ['minN=4', [11, 12]],
    ['limit=2', [11, 13]],
  ])('select by %s', async (query, expected) => {
    expect(idsOf(await read(`${ANALYTICS}/movers?window=7&method=classic&${query}`))).toEqual(expected);
  });

  it.each(['classic', 'robust'])('are walked page by page (%s)', async (method) => {
    const all = idsOf(await read(`${ANALYTICS}/movers?window=30&method=${method}&order=abs`));
    const walked: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await read(
        `${ANALYTICS}/movers?window=30&method=${method}&order=abs&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      walked.push(...idsOf(answer));
      cursor = answer.json.nextCursor as string | null;
    }
    expect(walked).toEqual(all);
  });

  it('of other spans come to the same as those of the windows', async () => {
    const window = await read(`${ANALYTICS}/movers?window=30`);
    const span = await read(`${ANALYTICS}/movers?from=${dayOf(30)}&to=${dayOf(0)}`);
    expect(span.json).toEqual(window.json);
    const yesterday = await read(`${ANALYTICS}/movers?method=classic&from=${dayOf(6)}&to=${dayOf(4)}`);
    expect((yesterday.json.items as Mover[]).map(({ itemId, n, days }) => [itemId, n, days])).toEqual([
      [11, 3, 3],
      [12, 3, 2],
    ]);
  });

  it.each([
    'window=8',
    'window=7&from=2026-01-01&to=2026-01-02',
    'from=2026-01-01',
    'from=2026-01-02&to=2026-01-01',
    'from=2026-02-30&to=2026-03-01',
    'from=2009-01-01&to=2010-01-01',
    'method=magic',
    'order=up',
    'limit=0',
    'limit=201',
    'limit=1e1',
    'minPrice=-1',
    'minPrice=x',
    'maxPrice=1e3',
    'minN=0',
    'itemIds=',
    'itemIds=1,,2',
    'itemIds=0',
    'cursor=x',
    'cursor=WyIiLDFd',
    'cursor=WyJJbmZpbml0eSIsMV0',
    'unknown=1',
  ])('refuse ?%s, also to a client that holds something', async (query) => {
    expectProblem(await get(server.url, `${ANALYTICS}/movers?${query}`), 400);
    const headers = { 'if-none-match': '*' };
    expectProblem(await get(server.url, `${ANALYTICS}/movers?${query}`, { headers }), 400);
  });

  it('refuse a span beyond two years', async () => {
    const path = `${ANALYTICS}/movers?from=2020-01-01&to=2024-01-01`;
    expectProblem(await get(server.url, path), 422, 'market/span-too-long');
  });
});

describe('the index', () => {
  it('is the mean of the changes by days seen (classic)', async () => {
    const { json } = await read(`${ANALYTICS}/index?window=7&method=classic`);
    expect(json).toMatchObject({
      server: 'draconiros',
      method: 'classic',
      changePct: Math.round(((100 * 5 - 50 * 4) / 9) * 100) / 100,
      itemCount: 2,
      coverage: 0.4,
      n: 11,
      days: 4.5,
      firstSeenAt: `${dayOf(6)}T00:00:00.000Z`,
      lastSeenAt: `${dayOf(1)}T00:20:00.000Z`,
    });
    expect(json.confidence).toBeGreaterThan(0);
    expect(json.confidence).toBeLessThan(1);
  });

  it('is a chain of the items seen on two days in a row (robust)', async () => {
    const { json } = await read(`${ANALYTICS}/index?window=7`);
    // Item 11 on three pairs of days, item 12 on one; 14 times an item with a price was seen on one of a pair at least.
    const ratio = (110 / 100) * (120 / 110) * (45 / 50) * (200 / 130);
    expect(json).toMatchObject({ method: 'robust', itemCount: 2, coverage: 0.2857 });
    expect(json.changePct).toBeCloseTo((ratio - 1) * 100, 3);
  });

  it('of a server without prices says nothing', async () => {
    const path = ANALYTICS.replace('draconiros', 'rafal');
    const { json } = await read(`${path}/index`);
    expect(json).toMatchObject({ changePct: null, itemCount: 0, n: 0, lastSeenAt: null, confidence: 0 });
    expect((await read(`${path}/movers`)).json.items).toEqual([]);
    expectProblem(await get(server.url, `${path.replace('rafal', 'nowhere')}/index`), 404);
  });
});

describe('the figures of an item', () => {
  it('are given by both methods', async () => {
    const { json } = await read(`${ANALYTICS}/items/11/stats?window=7`);
    expect(json).toMatchObject({
      itemId: 11,
      n: 6,
      days: 5,
      lastPrice: 200,
      classic: { changePct: 100, medianPrice: 120, movingAverage: 132, signal: 'sell' },
      robust: { medianPrice: 120, baselinePrice: 115, signal: 'sell' },
    });
  });

  it('are empty where nobody saw it, and missing where there is no such item', async () => {
    const { json } = await read(`${ANALYTICS}/items/16/stats`);
    expect(json).toMatchObject({ itemId: 16, n: 0, classic: null, robust: null, confidence: 0 });
    for (const headers of [{}, { 'if-none-match': '*' }])
      expectProblem(await get(server.url, `${ANALYTICS}/items/999999999/stats`, { headers }), 404);
  });

  it('do not crash on prices of zero', async () => {
    const { json } = await read(`${ANALYTICS}/items/15/stats`);
    expect(json.classic).toMatchObject({ changePct: 0, volatilityPct: 0 });
    expect(json.robust).toMatchObject({ changePct: null, volatilityPct: null, signal: 'neutral' });
  });
});

describe('tags', () => {
  // The worker rolls windows over and brings figures up to date every minute, also between two answers.
  const lockAll = (call: 'pg_advisory_lock' | 'pg_advisory_unlock') =>
    owner.query(`SELECT ${call}(k, id) FROM market.server, unnest($1::int[]) AS k ORDER BY k, id`, [
      [ADVISORY_LOCK.marketRollups, ADVISORY_LOCK.marketFigures],
    ]);
  beforeAll(() => lockAll('pg_advisory_lock'));
  afterAll(() => lockAll('pg_advisory_unlock'));

  it.each(['index', 'movers?limit=3', 'items/11/stats'])(
    'of %s stay until the rollups move',
    async (path) => {
      const first = await read(`${ANALYTICS}/${path}`);
      const etag = first.headers.get('etag')!;
      const headers = { 'if-none-match': etag };
      const again = await get(server.url, `${ANALYTICS}/${path}`, { headers });
      expect([again.status, again.text]).toEqual([304, '']);
      await owner.query('UPDATE market.rollup_version SET version = version + 1');
      const moved = await get(server.url, `${ANALYTICS}/${path}`, { headers });
      expect(moved.status).toBe(200);
      expect(moved.headers.get('etag')).not.toBe(etag);
      expect(moved.json).toEqual(first.json);
    },
  );

  it('of kept windows that end yesterday are other ones, with the same figures from the days', async () => {
    const path = `${ANALYTICS}/movers?window=90`;
    const kept = await read(path);
    await owner.query('UPDATE market.rollup_version SET as_of = as_of - 1');
    await owner.query('UPDATE market.window_stat SET n = n + 1000');
    const fresh = await get(server.url, path, { headers: { 'if-none-match': kept.headers.get('etag')! } });
    expect(fresh.status).toBe(200);
    expect(fresh.json).toEqual(kept.json);
    await rebuildRollups(runnerOf(owner), dayOf(0));
  });
});
