import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  ADMIN_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

const ANALYTICS = '/api/v1/market/games/dofus/servers/draconiros/analytics';
const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);

let database: TestDatabase;
let owner: pg.Client;
let server: ServerProcess;

const read = async (path: string): Promise<Answer> => {
  const answer = await get(server.url, `${ANALYTICS}/${path}`);
  expect({ path, status: answer.status, problem: answer.json }).toMatchObject({ path, status: 200 });
  return answer;
};

/** A price a day, the newest of them yesterday. Item 15 has cost nothing for most of the time, item 16 was seen once. */
const SERIES: Record<number, number[]> = {
  11: Array.from({ length: 24 }, (_, day) => 100 + (day % 3)).concat(50),
  12: Array.from({ length: 24 }, (_, day) => 200 + (day % 2)).concat(900),
  13: Array.from({ length: 25 }, (_, day) => 50 * 1.05 ** day),
  14: Array.from({ length: 25 }, (_, day) => 5_000 * 0.95 ** day),
  15: Array.from({ length: 24 }, () => 1).concat(7),
  16: [1e12],
};

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const { rows } = await owner.query<{ id: number; externalId: number }>(
    'SELECT id, external_id AS "externalId" FROM market.item WHERE id BETWEEN 11 AND 16',
  );
  const points = rows.flatMap(({ id, externalId }) =>
    SERIES[id]!.map((unitPrice, place) => ({
      externalId,
      unitPrice: Math.round(unitPrice * 100) / 100,
      capturedAt: `${dayOf(SERIES[id]!.length - place)}T00:00:00Z`,
    })),
  );
  const { json } = await post(server.url, OBSERVATIONS_PATH, points);
  expect(json.acceptedCount).toBe(points.length);
  await owner.query('UPDATE market.observation SET price = 0 WHERE item_id = 15 AND price = 1');
  await rebuildRollups(runnerOf(owner), dayOf(0));
  await waitUntil(
    'the worker has followed, so that nothing moves while a list is walked',
    30_000,
    async () => {
      const left = 'SELECT FROM market.dirty_batch UNION ALL SELECT FROM market.stale_series';
      return (await owner.query(left)).rowCount === 0;
    },
  );
});

afterAll(async () => {
  await server.stop();
  await owner.end();
  await database.drop();
});

const idsOf = ({ json }: Answer): number[] =>
  (json.items as { itemId: number }[]).map(({ itemId }) => itemId);

/** Paths that list items, with those that they list. */
const LISTS: [path: string, itemIds: number[]][] = [
  ['volatility?method=classic', [12, 11, 13, 14, 15]],
  ['volatility?order=asc', [14, 13, 11, 12]],
  ['signals', [11, 14]],
  ['signals?side=sell', [12, 13]],
  ['signals?method=classic', [14, 11]],
  ['signals?side=sell&method=classic', [12, 13, 15]],
  ['trends', [13]],
  ['trends?direction=bearish', [14]],
  ['trends?direction=bearish&method=classic', [14]],
  ['trends?method=classic', [12, 13, 15]],
  ['scanner', [14, 11, 16, 15, 13, 12]],
  ['scanner?method=classic&minProfit=-100000', [14, 11, 16, 15, 13, 12]],
  ['scanner?method=document&maxAgeH=72&minProfit=0', [14, 11, 16]],
];

describe.each(LISTS)('%s', (path, itemIds) => {
  const and = path.includes('?') ? '&' : '?';

  it('lists the right items, with what is to be thought of them', async () => {
    const answer = await read(path);
    expect(idsOf(answer)).toEqual(itemIds);
    for (const item of answer.json.items as Record<string, number | string>[]) {
      expect(item).toMatchObject({
        label: expect.any(String),
        n: expect.any(Number),
        days: expect.any(Number),
      });
      expect(item['confidence']).toBeGreaterThanOrEqual(0);
      expect(item['confidence']).toBeLessThanOrEqual(1);
      expect(Date.parse(item['firstSeenAt'] as string)).toBeLessThanOrEqual(
        Date.parse(item['lastSeenAt'] as string),
      );
    }
  });

  it('is walked page by page, and has not changed for who holds it', async () => {
    const all = idsOf(await read(path));
    const walked: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: Answer = await read(`${path}${and}limit=1${cursor && `&cursor=${cursor}`}`);
      walked.push(...idsOf(answer));
      cursor = answer.json.nextCursor as string | null;
    }
    expect(walked).toEqual(all);
    if (path.includes('document')) return; // by the minute
    const etag = (await read(path)).headers.get('etag')!;
    const headers = { 'if-none-match': etag };
    const again = await get(server.url, `${ANALYTICS}/${path}`, { headers });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('is the same as of a day, whatever came later', async () => {
    const asOf = await read(`${path}${and}asOf=${dayOf(0)}`);
    expect(asOf.json).toEqual((await read(path)).json);
    const before = await read(`${path}${and}asOf=${dayOf(2)}`);
    expect(before.json).toMatchObject({ to: dayOf(2) });
    for (const item of before.json.items as { lastSeenAt: string }[])
      expect(item.lastSeenAt < dayOf(1)).toBe(true);
  });
});

describe('the scanner', () => {
  it('takes a rule as JSON and says the same', async () => {
    const query =
      'scanner?method=classic&windowDays=90&minMarginOnCostPct=1&maxPrice=1000&minN=2&itemIds=11,14,16';
    const rule = {
      method: 'classic',
      windowDays: 90,
      minMarginOnCostPct: 1,
      maxPrice: 1_000,
      minN: 2,
      itemIds: [11, 14, 16],
    };
    const { status, json } = await post(server.url, `${ANALYTICS}/scanner/query`, rule);
    expect(status).toBe(200);
    expect(json).toEqual((await read(query)).json);
    expect(json.items).toHaveLength(1);
    expect(json).toMatchObject({
      saleTaxPct: 0,
      listingFeePct: 0,
      items: [{ itemId: 11, currentPrice: 50 }],
    });
  });

  it('knows no item of the greatest id that there can be', async () => {
    const rule = { itemIds: [2_147_483_647], categoryIds: [2_147_483_647] };
    const { status, json } = await post(server.url, `${ANALYTICS}/scanner/query`, rule);
    expect(status).toBe(200);
    expect(json.items).toEqual([]);
  });

  it.each([
    [{ method: 'magic' }, '/method'],
    [{ windowDays: 8 }, '/windowDays'],
    [{ minProfit: '1' }, '/minProfit'],
    [{ minPrice: 2, maxPrice: 1 }, '/maxPrice'],
    [{ minVolatilityPct: 5, maxVolatilityPct: 4 }, '/maxVolatilityPct'],
    [{ itemIds: Array.from({ length: 10_000 }, (_, id) => id + 1) }, '/itemIds'],
    [{ itemIds: [11, 2_147_483_648] }, '/itemIds/1'],
    [{ itemIds: [Number.MAX_SAFE_INTEGER] }, '/itemIds/0'],
    [{ categoryIds: [2_147_483_648] }, '/categoryIds/0'],
    [{ surprise: 1 }, ''],
    [[], ''],
  ])('refuses the rule %j and names the field', async (rule, pointer) => {
    const answer = await post(server.url, `${ANALYTICS}/scanner/query`, rule);
    expectProblem(answer, 400);
    expect((answer.json.errors as { pointer: string }[])[0]!.pointer).toContain(pointer);
  });
});

it.each([
  'volatility?order=sideways',
  'volatility?order=abs',
  'volatility?limit=0',
  'volatility?page=-1',
  'signals?side=hold',
  'signals?minPrice=-1',
  'trends?direction=up',
  'trends?maxAgeDays=x',
  'trends?categoryIds=1,,2',
  'trends?from=2026-01-02&to=2026-01-01',
  'trends?asOf=2026-01-02&from=2026-01-01&to=2026-01-03',
  'trends?asOf=2999-01-01',
  'trends?asOf=2001-01-01',
  'movers?asOf=2999-01-01',
  'scanner?maxAgeH=0',
  'scanner?minConfidence=2',
  'scanner?windowDays=8',
  'scanner?cursor=x',
  "scanner?itemIds=1';--",
  'scanner?method=classic&asOf=2999-01-01',
])('%s is refused, also to a client that holds something', async (path) => {
  expectProblem(await get(server.url, `${ANALYTICS}/${path}`), 400);
  expectProblem(await get(server.url, `${ANALYTICS}/${path}`, { headers: { 'if-none-match': '*' } }), 400);
});

it.each([
  [`${ANALYTICS}/movers?minPrice=2&maxPrice=1`, '/maxPrice'],
  [`${ANALYTICS}/trends?minPrice=0.2&maxPrice=0.1`, '/maxPrice'],
  [`${ANALYTICS}/scanner?minPrice=2&maxPrice=1`, '/maxPrice'],
  [`${ANALYTICS}/scanner?minVolatilityPct=2&maxVolatilityPct=-1`, '/maxVolatilityPct'],
  [`${ANALYTICS.replace('analytics', 'recipes')}?minLevel=2&maxLevel=1`, '/maxLevel'],
  ['/api/v1/market/games/dofus/items?levelMin=2&levelMax=1', '/levelMax'],
  ['/api/v1/market/games/dofus/harvest/resources?levelMin=2&levelMax=1', '/levelMax'],
  ['/api/v1/admin/audit?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '/to'],
])('bounds that exclude each other are a slip: %s', async (path, pointer) => {
  const token = path.includes('/admin/') ? ADMIN_TOKEN : READ_TOKEN;
  const answer = await get(server.url, path, { token });
  expectProblem(answer, 400, 'http/malformed');
  expect(answer.json.errors).toEqual([expect.objectContaining({ pointer, code: 'is-not-below' })]);
});

it('movers and the index of a past day end there', async () => {
  for (const path of ['movers', 'index', 'movers?method=classic', 'index?method=classic']) {
    const and = path.includes('?') ? '&' : '?';
    const { json } = await read(`${path}${and}asOf=${dayOf(5)}&window=7`);
    const span = await read(`${path}${and}from=${dayOf(12)}&to=${dayOf(5)}`);
    expect(json).toEqual(span.json);
    expect(json).toMatchObject({ from: dayOf(12), to: dayOf(5) });
  }
});

it('a server without prices has empty lists, an unknown one none', async () => {
  for (const path of ['volatility', 'signals', 'trends', 'scanner']) {
    const empty = await get(server.url, `${ANALYTICS.replace('draconiros', 'rafal')}/${path}`);
    expect([empty.status, empty.json.items]).toEqual([200, []]);
    expectProblem(await get(server.url, `${ANALYTICS.replace('draconiros', 'nowhere')}/${path}`), 404);
  }
});
