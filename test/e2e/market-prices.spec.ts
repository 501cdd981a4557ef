import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const DOFUS = '/api/v1/market/games/dofus';
const PRICES = `${DOFUS}/servers/draconiros/prices`;

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

const read = async (path: string): Promise<Answer> => {
  const answer = await get(server.url, path);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return answer;
};
const ingest = (body: unknown, to = 'draconiros'): Promise<Answer> =>
  post(server.url, OBSERVATIONS_PATH.replace('draconiros', to), body);
const scalar = async (sql: string): Promise<number> =>
  Number((await queryRows<{ n: unknown }>(database.url, sql))[0]?.n);
const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
/** Walks a series to its end; a list that never ends is cut. */
const walkSeries = async (series: string, query: string): Promise<number[]> => {
  const prices: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null && prices.length < 1_000) {
    const { json } = await read(`${series}?${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    prices.push(...(json.items as { unitPrice: number }[]).map(({ unitPrice }) => unitPrice));
    cursor = json.nextCursor as string | null;
  }
  return prices;
};
const priceOf = (externalId: number, unitPrice: number, minutes = 5): object => ({
  externalId,
  unitPrice,
  capturedAt: minutesAgo(minutes),
});

describe('prices', () => {
  const ids = [11, 12, 13];
  let externalIds: number[];

  beforeAll(async () => {
    const rows = await queryRows<{ n: number }>(
      database.url,
      'SELECT external_id AS n FROM market.item WHERE id = ANY ($1) ORDER BY id',
      [ids],
    );
    externalIds = rows.map(({ n }) => n);
    await ingest(externalIds.map((id, index) => priceOf(id, 100 + index)));
  });

  it('are found by our ids and by the game’s, once each, in the order of our ids', async () => {
    const byId = (await read(`${PRICES}?ids=13,11,12,11,999999999`)).json;
    expect(byId.server).toBe('draconiros');
    expect(byId.items).toEqual(
      ids.map((itemId, index) => ({
        itemId,
        externalId: externalIds[index],
        label: expect.any(String),
        unitPrice: 100 + index,
        capturedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        lots: 1,
        source: 'api',
        isSimulated: false,
      })),
    );
    expect((await read(`${PRICES}?externalIds=${externalIds.join(',')}`)).json).toEqual(byId);
  });

  it('of another server are another matter', async () => {
    expect((await read(`${DOFUS}/servers/brial/prices?ids=11`)).json).toEqual({ server: 'brial', items: [] });
  });

  it('take up to 500 ids', async () => {
    const many = Array.from({ length: 500 }, (_, index) => index + 1);
    expect((await read(`${PRICES}?ids=${many.join(',')}`)).json.items.length).toBeGreaterThanOrEqual(3);
    expectProblem(await get(server.url, `${PRICES}?ids=${[...many, 501].join(',')}`), 400);
  });

  it.each([
    '',
    '?ids=',
    '?ids=1,',
    '?ids=,1',
    '?ids=1;2',
    '?ids=-1',
    '?ids=1.5',
    '?ids=2147483648',
    '?ids=1%202',
    '?ids=1&ids=2',
    '?ids=1&externalIds=1',
    '?externalIds=abc',
    '?ids=1&unknown=1',
    '?ids=1&__proto__=1',
  ])('refuse the query "%s"', async (query) => {
    const answer = await get(server.url, PRICES + query);
    expectProblem(answer, 400);
    expect(answer.json.errors.length).toBeGreaterThan(0);
  });

  it('carry a tag that stays until the server’s prices move', async () => {
    const path = `${PRICES}?ids=11,12`;
    const first = await read(path);
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^W\/"[^"]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    expect(first.headers.get('vary')).toContain('Authorization');

    for (const sent of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await get(server.url, path, { headers: { 'if-none-match': sent } });
      expect({ sent, status: again.status, text: again.text }).toEqual({ sent, status: 304, text: '' });
      if (sent !== '*') expect(again.headers.get('etag')).toBe(etag);
    }
    const head = await call(server.url, 'HEAD', path, { headers: { 'if-none-match': etag } });
    expect(head.status).toBe(304);

    expect((await ingest([priceOf(externalIds[0]!, 777, 1)])).json.acceptedCount).toBe(1);
    const moved = await get(server.url, path, { headers: { 'if-none-match': etag } });
    expect(moved.status).toBe(200);
    expect(moved.headers.get('etag')).not.toBe(etag);
    expect(moved.json.items[0].unitPrice).toBe(777);
  });

  it('keep their tag when nothing new was stored, or elsewhere', async () => {
    const path = `${PRICES}?ids=12`;
    const etag = (await read(path)).headers.get('etag')!;
    expect((await ingest([priceOf(externalIds[1]!, 101, 4)])).json.duplicateCount).toBe(1);
    expect((await ingest([priceOf(externalIds[1]!, 5)], 'rafal')).status).toBe(201);
    expect((await ingest([{ bad: true }])).status).toBe(422);
    expect((await get(server.url, path, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('are shown anew when an item learns its name, also from another server', async () => {
    const externalId = 940_000_001;
    await ingest([{ externalId, unitPrice: 5, capturedAt: minutesAgo(5) }]);
    const path = `${PRICES}?externalIds=${externalId}`;
    const first = await read(path);
    expect(first.json.items[0].label).toBe(`#${externalId}`);
    await ingest([{ externalId, name: 'Named Elsewhere', unitPrice: 5, capturedAt: minutesAgo(5) }], 'rafal');
    const again = await get(server.url, path, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect(again.status).toBe(200);
    expect(again.json.items[0].label).toBe('Named Elsewhere');
  });

  it('never answer 304 to a tag of another server or to a faulty query', async () => {
    const etag = (await read(`${PRICES}?ids=12`)).headers.get('etag')!;
    const headers = { 'if-none-match': etag };
    expect((await get(server.url, `${DOFUS}/servers/rafal/prices?ids=12`, { headers })).status).toBe(200);
    expectProblem(await get(server.url, `${PRICES}?ids=x`, { headers }), 400);
    expectProblem(
      await get(server.url, `${PRICES}?ids=12`, { token: null, headers: { 'if-none-match': '*' } }),
      401,
    );
  });

  it('that come late are kept in the series and leave the newest alone', async () => {
    await ingest([priceOf(externalIds[2]!, 500, 2)]);
    expect((await ingest([priceOf(externalIds[2]!, 9, 60)])).json.acceptedCount).toBe(1);
    expect((await read(`${PRICES}?ids=13`)).json.items[0].unitPrice).toBe(500);
    const series = (await read(`${DOFUS}/servers/draconiros/items/13/series`)).json.items;
    expect(series.map(({ unitPrice }: { unitPrice: number }) => unitPrice)).toContain(9);
  });
});

describe('a series', () => {
  const SERIES = `${DOFUS}/servers/hell-mina/items/21/series`;
  const COUNT = 137;
  const startMs = Date.UTC(2026, 0, 31, 23, 59, 58, 3);
  /** Odd milliseconds over the turn of a month, two clients per instant, each price its own. */
  const points = Array.from({ length: COUNT }, (_, index) => ({
    atMs: startMs + Math.floor(index / 2) * 37,
    unitPrice: index + 1,
    source: index % 2 === 0 ? 'first' : 'second',
  }));

  beforeAll(async () => {
    const externalId = await scalar('SELECT external_id AS n FROM market.item WHERE id = 21');
    const { json } = await ingest(
      points.map(({ atMs, unitPrice, source }) => ({
        externalId,
        unitPrice,
        capturedAt: new Date(atMs).toISOString(),
        source,
      })),
      'hell-mina',
    );
    expect(json.acceptedCount).toBe(COUNT);
  });

  const walk = (query: string): Promise<number[]> => walkSeries(SERIES, query);
  const iso = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());

  it.each([1, 10, 136, 137, 138, 1_000])('is walked in pages of %i, oldest first', async (limit) => {
    expect(await walk(`limit=${limit}`)).toEqual(points.map(({ unitPrice }) => unitPrice));
  });

  it('shows each observation whole', async () => {
    const { json } = await read(`${SERIES}?limit=1`);
    expect(json.items).toEqual([
      {
        id: expect.any(Number),
        capturedAt: '2026-01-31T23:59:58.003Z',
        unitPrice: 1,
        lots: 1,
        source: 'first',
        isSimulated: false,
        isFlagged: expect.any(Boolean), // by then the worker may have judged the day
        flagReason: json.items[0].isFlagged ? 'below-day' : null,
      },
    ]);
  });

  it('is cut at from and to, both inclusive, to the millisecond', async () => {
    const from = points[20]!.atMs;
    const to = points[60]!.atMs;
    const within = points.filter(({ atMs }) => atMs >= from && atMs <= to).map((point) => point.unitPrice);
    expect(within.length).toBeGreaterThan(20);
    expect(await walk(`from=${iso(from)}&to=${iso(to)}&limit=7`)).toEqual(within);
    expect(await walk(`from=${iso(from + 1)}&to=${iso(to - 1)}&limit=1000`)).toEqual(within.slice(2, -2));
    expect(await walk('from=2026-02-01&limit=1000')).toEqual(
      points.filter(({ atMs }) => atMs >= Date.UTC(2026, 1, 1)).map((point) => point.unitPrice),
    );
  });

  it('of an item that nobody saw is empty', async () => {
    expect((await read(`${DOFUS}/servers/hell-mina/items/22/series`)).json).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=1.5',
    'limit=',
    'limit=0x1',
    'limit=1e2',
    'limit=%201',
    'limit=1&limit=2',
    'from=yesterday',
    'from=2026-02-30',
    'from=2026-13-01T00:00:00Z',
    'from=1',
    'to=2026-01-01T25:00:00Z',
    'to=',
    'cursor=x',
    'cursor=WyJhIiwxXQ',
    `cursor=${'x'.repeat(201)}`,
    'bucket=year',
    'bucket=',
    'format=xml',
    'bucket=day&cursor=WzEsMl0',
    'cursor=WzFd',
    'from=2026-01-01&from=2026-01-02',
  ])('refuses ?%s', async (query) => {
    expectProblem(await get(server.url, `${SERIES}?${query}`), 400);
  });

  it.each(['from=0001-01-01', 'to=9999-12-31', 'from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z'])(
    'takes the far ends of the calendar: ?%s',
    async (query) => {
      expect((await read(`${SERIES}?${query}&limit=1000`)).json.items).toHaveLength(COUNT);
    },
  );
});

describe('a series of points that a client stamps to the microsecond', () => {
  const SERIES = `${DOFUS}/servers/hell-mina/items/23/series`;
  const prices = [1, 2, 3, 4, 5, 6, 7];

  beforeAll(async () => {
    const rows = await queryRows<{ label: string; external_id: number }>(
      database.url,
      'SELECT label, external_id FROM market.item WHERE id = 23',
    );
    const { label, external_id: ankamaId } = rows[0]!;
    const { status } = await post(
      server.url,
      '/compat/dofus/api/ingest',
      prices.map((price) => ({
        item_name: label,
        ankama_id: ankamaId,
        server: 'Hell Mina',
        captured_at: `2026-02-01T10:00:00.00123${price}Z`,
        price_unit_avg: price,
        nb_lots: 1,
        source_client: 'packet-reader',
      })),
    );
    expect(status).toBe(201);
  });

  it.each([1, 2, 3])('is walked in pages of %i, each once', async (limit) => {
    expect(await walkSeries(SERIES, `limit=${limit}`)).toEqual(prices);
  });
});
