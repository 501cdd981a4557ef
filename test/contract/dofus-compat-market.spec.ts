import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { type Answer, DATA, getMarket, MARKET, point, send, upload } from './compat-calls.js';

// The rows of the original's /api/market_v2 that exist now, with the query strings of its web page, field by field. The
// figures are worked out here once more, from the raw rows and in the plainest words.

const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);
const SPAN = `from=${dayOf(30)}&to=${dayOf(0)}`;
const SERVER = 'server=Hell+Mina';

interface Raw {
  item: string;
  daysAgo: number;
  hour: number;
  price: number;
}

/** Three observations a day of each item, with gaps, a price of zero at the start of one, and one item seen once. */
const RAW: Raw[] = ['Blé', 'zz Épée', 'zz Or', 'zz Zéro'].flatMap((item, number) =>
  [40, 29, 28, 26, 20, 19, 11, 5, 4, 3, 2].flatMap((daysAgo) =>
    [1, 9, 23].map((hour) => ({
      item,
      daysAgo,
      hour,
      price:
        item === 'zz Zéro' && daysAgo > 20
          ? 0
          : Math.round(1_000 * (number + 1) * (1 + Math.sin(daysAgo * (number + 2) + hour) / 3)) / 10,
    })),
  ),
);
RAW.push({ item: 'zz Seule', daysAgo: 3, hour: 5, price: 77.5 });

const ICON_ID = '0195aaaa-0000-7000-8000-000000000001';
const iconOf = (item: string): string | null =>
  item === 'zz Or' ? `${server.url}/api/v1/market/icons/${ICON_ID}` : null;

let database: TestDatabase;
let server: ServerProcess;
const get = (query: string): Promise<Answer> => getMarket(server, query);

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const { status, body } = await upload(
    server,
    RAW.map(({ item, daysAgo, hour, price }) =>
      point({
        item_name: item,
        server: 'Hell Mina',
        price_unit_avg: price,
        captured_at: `${dayOf(daysAgo)}T${String(hour).padStart(2, '0')}:00:00.000123Z`,
        ...(item === 'zz Or' ? { category: 'zz Métaux' } : {}),
      }),
    ),
  );
  expect([status, body.inserted]).toEqual([201, RAW.length]);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query("UPDATE market.item SET icon_id = $1 WHERE label = 'zz Or'", [ICON_ID]);
  await rebuildRollups(runnerOf(owner), dayOf(0));
  await owner.end();
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Means of the days within [from, to] days ago, oldest first. */
function daysOf(item: string, from: number, to: number): { daysAgo: number; mean: number }[] {
  const byDay = new Map<number, number[]>();
  for (const raw of RAW)
    if (raw.item === item && raw.daysAgo <= from && raw.daysAgo >= to)
      byDay.set(raw.daysAgo, [...(byDay.get(raw.daysAgo) ?? []), raw.price]);
  return [...byDay]
    .sort(([a], [b]) => b - a)
    .map(([daysAgo, prices]) => ({ daysAgo, mean: prices.reduce((a, b) => a + b) / prices.length }));
}

const ITEMS = [...new Set(RAW.map((raw) => raw.item))];
const pct = (first: number, last: number): number => (first === 0 ? 0 : ((last - first) / first) * 100);

function naiveMovers(from: number, to: number): { item: string; last: number; pct: number; days: number }[] {
  return ITEMS.map((item) => ({ item, days: daysOf(item, from, to) }))
    .filter(({ days }) => days.length > 0)
    .map(({ item, days }) => ({
      item,
      last: days.at(-1)!.mean,
      pct: pct(days[0]!.mean, days.at(-1)!.mean),
      days: days[0]!.mean === 0 ? 0 : days.length,
    }))
    .sort((a, b) => b.pct - a.pct);
}

describe('type=index', () => {
  it.each([
    ['the window of the dashboard', SPAN, 30, 0],
    ['another span', `from=${dayOf(29)}&to=${dayOf(5)}`, 29, 5],
    ['instants, cut to their days', `from=${dayOf(20)}T23:59:00Z&to=${dayOf(2)}T00:00:00.000Z`, 20, 2],
  ])('weighs the changes by the days seen: %s', async (_, span, from, to) => {
    const counted = naiveMovers(from, to).filter(({ days }) => days >= 2);
    const sum = counted.reduce((total, row) => total + row.pct * row.days, 0);
    const weight = counted.reduce((total, row) => total + row.days, 0);
    const { status, body } = await get(`resource=market&type=index&${SERVER}&${span}`);
    expect([status, body]).toEqual([
      200,
      {
        server: 'Hell Mina',
        index_change: Math.round((sum / weight) * 100) / 100,
        total_items: counted.length,
      },
    ]);
  });

  it('takes names, and is null where nothing counts', async () => {
    const { body } = await get(`resource=market&type=index&${SERVER}&${SPAN}&filterItems=Bl%C3%A9%2Czz+Or`);
    expect(body.total_items).toBe(2);
    for (const query of [`${SERVER}&${SPAN}&filterItems=nobody`, `server=Nowhere&${SPAN}`]) {
      const answer = await get(`resource=market&type=index&${query}`);
      expect([answer.status, answer.body]).toEqual([200, null]);
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
  });
});

describe('type=movers', () => {
  it('lists names, prices and changes in percent', async () => {
    const { status, body } = await get(`resource=market&type=movers&${SERVER}&${SPAN}&limit=5&order=desc`);
    expect(status).toBe(200);
    const expected = naiveMovers(30, 0);
    expect(body).toHaveLength(5);
    for (const [index, row] of body.entries()) {
      expect(Object.keys(row)).toEqual(['item_name', 'server', 'last_price', 'pct_change', 'icon_url']);
      expect(row).toMatchObject({ server: 'Hell Mina', icon_url: iconOf(row.item_name) });
      expect(row.pct_change).toBeCloseTo(expected[index]!.pct, 9);
      const same = expected.find(({ item }) => item === row.item_name)!;
      expect(row.last_price).toBeCloseTo(same.last, 9);
    }
  });

  it.each([
    ['order=asc', (a: number, b: number) => a - b],
    ['order=abs', (a: number, b: number) => Math.abs(b) - Math.abs(a)],
    ['order=sideways', (a: number, b: number) => b - a],
    ['', (a: number, b: number) => b - a],
  ])('are ordered by %s', async (order, compare) => {
    const { body } = await get(`resource=market&type=movers&${SERVER}&${SPAN}&${order}`);
    const changes = (body as { pct_change: number }[]).map((row) => row.pct_change);
    expect(changes).toHaveLength(ITEMS.length);
    expect(changes).toEqual([...changes].sort(compare));
  });

  it.each([
    ['min_price=150', (last: number) => last >= 150],
    ['max_price=150', (last: number) => last <= 150],
    ['min_price=&max_price=none', () => true],
  ])('are filtered by %s of the last day', async (filter, isMeant) => {
    const { body } = await get(`resource=market&type=movers&${SERVER}&${SPAN}&${filter}`);
    const expected = naiveMovers(30, 0).filter((row) => isMeant(row.last));
    expect((body as { item_name: string }[]).map((row) => row.item_name).sort()).toEqual(
      expected.map((row) => row.item).sort(),
    );
  });

  it('are none of an unknown server', async () => {
    const { status, body } = await get(`resource=market&type=movers&server=Nowhere&${SPAN}`);
    expect([status, body]).toEqual([200, []]);
  });
});

describe('type=stats', () => {
  it.each(['Blé', 'zz Épée', 'zz Or'])('of %s are the original’s', async (item) => {
    const days = daysOf(item, 30, 0);
    const means = days.map((day) => day.mean);
    const moves = means.map((value, index) => (index === 0 ? 0 : pct(means[index - 1]!, value)));
    const average = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const middle = average(moves);
    const volatility = Math.sqrt(
      moves.reduce((sum, move) => sum + (move - middle) ** 2, 0) / (moves.length - 1),
    );
    const ordered = [...means].sort((a, b) => a - b);
    const half = ordered.length / 2;
    const median =
      ordered.length % 2 === 1 ? ordered[Math.floor(half)]! : (ordered[half - 1]! + ordered[half]!) / 2;
    const ma7 = average(days.filter((day) => day.daysAgo <= 2 + 6).map((day) => day.mean));
    const last = means.at(-1)!;
    const signal =
      last < ma7 * (1 - volatility / 100) ? 'buy' : last > ma7 * (1 + volatility / 100) ? 'sell' : 'neutral';

    const query = `resource=market&type=stats&item=${encodeURIComponent(item)}&${SERVER}&${SPAN}`;
    const { status, body } = await get(query);
    expect(status).toBe(200);
    expect(body).toEqual({
      item_name: item,
      server: 'Hell Mina',
      volatility: expect.closeTo(volatility, 8),
      median_price: expect.closeTo(median, 8),
      signal,
      ma7: expect.closeTo(ma7, 8),
      current_price: expect.closeTo(last, 8),
      category: item === 'zz Or' ? 'zz Métaux' : item === 'Blé' ? expect.anything() : null,
      icon_url: iconOf(item),
    });
  });

  it('survive a price of zero, and a single day', async () => {
    const zero = await get(`resource=market&type=stats&item=zz+Z%C3%A9ro&${SERVER}&${SPAN}`);
    expect(zero.status).toBe(200);
    expect(zero.body.volatility).toEqual(expect.any(Number));
    const { body } = await get(`resource=market&type=stats&item=zz+Seule&${SERVER}&${SPAN}`);
    expect(body).toMatchObject({
      volatility: null,
      signal: 'neutral',
      ma7: 77.5,
      current_price: 77.5,
      median_price: 77.5,
    });
  });

  it.each(['item=unknown&server=Hell+Mina', 'item=zz+Or&server=Nowhere', 'item=zz+Or&server=Draconiros'])(
    'are null for %s',
    async (query) => {
      const { status, body } = await get(`resource=market&type=stats&${query}&${SPAN}`);
      expect([status, body]).toEqual([200, null]);
    },
  );
});

describe('resource=timeseries', () => {
  const expected = (from: number, to: number): number[] =>
    RAW.filter((raw) => raw.item === 'zz Or' && raw.daysAgo <= from && raw.daysAgo >= to)
      .sort((a, b) => b.daysAgo - a.daysAgo || a.hour - b.hour)
      .map((raw) => raw.price);

  it('gives the raw points, oldest first, of 30 days by default', async () => {
    const { status, body } = await get(`resource=timeseries&item=zz+Or&${SERVER}`);
    expect(status).toBe(200);
    expect(body[0]).toEqual({
      id: expect.any(Number),
      date: `${dayOf(29)}T01:00:00.000123+00:00`,
      avg_price: expect.any(Number),
    });
    expect((body as { avg_price: number }[]).map((row) => row.avg_price)).toEqual(expected(30, 0));
  });

  it('is cut to days, both included', async () => {
    const { body } = await get(
      `resource=timeseries&item=zz+Or&${SERVER}&from=${dayOf(40)}&to=${dayOf(11)}T01:00:00Z`,
    );
    expect((body as { avg_price: number }[]).map((row) => row.avg_price)).toEqual(expected(40, 11));
  });

  it('is empty for what is unknown', async () => {
    for (const query of [`item=nobody&${SERVER}`, 'item=zz+Or&server=Nowhere']) {
      const { status, body } = await get(`resource=timeseries&${query}`);
      expect([status, body]).toEqual([200, []]);
    }
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'Missing or invalid resource parameter'],
    ['resource=crafting&server=Hell+Mina', 'Missing or invalid resource parameter'],
    ['resource=analysis&type=scanner', 'missing_params'],
    ['resource=analysis&server=Hell+Mina', 'missing_params'],
    ['resource=analysis&type=index&server=Hell+Mina', 'invalid_type'],
    [`resource=market&${SERVER}&${SPAN}`, 'missing_params'],
    [`resource=market&type=index&${SPAN}`, 'missing_params'],
    [`resource=market&type=index&${SERVER}&to=${dayOf(0)}`, 'missing_params'],
    [`resource=market&type=index&${SERVER}&from=${dayOf(3)}&to=`, 'missing_params'],
    [`resource=market&type=stats&${SERVER}&${SPAN}`, 'missing_params'],
    [`resource=market&type=index&${SERVER}&from=x&to=y`, 'invalid_date'],
    [`resource=market&type=constructor&${SERVER}&${SPAN}`, 'invalid_type'],
    [`resource=timeseries&${SERVER}`, 'missing_params'],
    ['resource=timeseries&item=zz+Or', 'missing_params'],
    [`resource=timeseries&item=zz+Or&${SERVER}&from=never`, 'invalid_date'],
  ])('"%s" with 400', async (query, error) => {
    const { status, body } = await get(query);
    expect([status, body.error]).toEqual([400, error]);
  });

  it('other methods with 405', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers, body } = await send(server, method, `${MARKET}?resource=market`);
      expect([status, headers.get('allow'), body.error]).toEqual([405, 'GET', 'method_not_allowed']);
    }
  });

  it('a wrong token with 403, and where the mount is closed none with 401', async () => {
    const query = `resource=market&type=index&${SERVER}&${SPAN}`;
    const wrong = await getMarket(server, query, { Authorization: 'Bearer wrong' });
    expect([wrong.status, wrong.body.error]).toEqual([403, 'forbidden']);
    const right = await getMarket(server, query, { Authorization: `Bearer ${READ_TOKEN}` });
    expect(right.status).toBe(200);
    const closed = await startServerProcess({
      DATABASE_URL: database.url,
      COMPAT_DOFUS_ANONYMOUS: 'off',
    });
    const stranger = await getMarket(closed, query);
    await closed.stop();
    expect([stranger.status, stranger.body.error]).toEqual([401, 'unauthorized']);
  });
});

describe('an answer that the client has', () => {
  it.each([
    [MARKET, `resource=market&type=movers&${SERVER}&${SPAN}`],
    [MARKET, `resource=market&type=index&server=Nowhere&${SPAN}`],
    [MARKET, `resource=analysis&type=scanner&${SERVER}`],
    [MARKET, `resource=timeseries&item=zz+Or&${SERVER}`],
    [DATA, 'resource=items'],
    [DATA, `resource=items&mode=market&${SERVER}`],
  ])('is not sent again: %s?%s', async (address, query) => {
    const read = (tag?: string): Promise<Response> =>
      fetch(`${server.url}${address}?${query}`, {
        headers: {
          Authorization: `Bearer ${READ_TOKEN}`,
          ...(tag !== undefined && { 'If-None-Match': tag }),
        },
      });
    const first = await read();
    const tag = first.headers.get('etag')!;
    expect([first.status, first.headers.get('vary')]).toEqual([
      200,
      expect.stringContaining('Authorization'),
    ]);
    const text = await first.text();
    const again = await read(tag);
    expect([again.status, again.headers.get('etag'), await again.text()]).toEqual([304, tag, '']);
    const other = await read('"other"');
    expect([other.status, await other.text()]).toEqual([200, text]);
  });

  it('is sent again when a price has changed, and a refusal has no tag', async () => {
    const query = `resource=timeseries&item=zz+Or&${SERVER}`;
    const read = (headers: object): Promise<Response> =>
      fetch(`${server.url}${MARKET}?${query}`, {
        headers: { Authorization: `Bearer ${READ_TOKEN}`, ...headers },
      });
    const before = await read({});
    const [tag, count] = [before.headers.get('etag')!, ((await before.json()) as unknown[]).length];
    await upload(server, [point({ item_name: 'zz Or', server: 'Hell Mina', price_unit_avg: 5.5 })]);
    const after = await read({ 'If-None-Match': tag });
    expect([after.status, ((await after.json()) as unknown[]).length]).toEqual([200, count + 1]);
    expect(after.headers.get('etag')).not.toBe(tag);
    const refused = await fetch(`${server.url}${MARKET}?resource=market`, {
      headers: { Authorization: `Bearer ${READ_TOKEN}` },
    });
    expect([refused.status, refused.headers.get('etag')]).toEqual([400, null]);
  });
});
