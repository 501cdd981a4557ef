import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { type Answer, getMarket, point, upload } from './compat-calls.js';

// The lists of the original's /api/market_v2 with the query strings of its web page, field by field. The figures are worked out
// here once more, from the raw rows and in the plainest words.

const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (daysAgo: number): string => new Date(NOW - daysAgo * DAY_MS).toISOString().slice(0, 10);
const SPAN = `from=${dayOf(30)}&to=${dayOf(0)}`;
const SERVER = 'server=Hell+Mina';
const METALS = 'zz Métaux';

interface Raw {
  item: string;
  daysAgo: number;
  hour: number;
  price: number;
}

const DAYS_AGO = [40, 29, 28, 26, 20, 19, 11, 5, 4, 3, 2];
/** Where the last days go, so that every list has rows: down, up, up after down, and about. */
const ENDS: Record<string, number[]> = {
  'zz Argent': [1, 1, 0.98, 0.6],
  'zz Bois': [1, 1.01, 1.2, 1.7],
  'zz Cuir': [1, 0.9, 0.7, 0.95],
  'zz Dent': [1, 1.2, 1.3, 0.97],
  'zz Zéro': [0, 1, 1.1, 1],
};
const RAW: Raw[] = Object.entries(ENDS).flatMap(([item, ends], number) =>
  DAYS_AGO.flatMap((daysAgo, place) =>
    [1, 9, 23].map((hour) => {
      const factor =
        ends[place - (DAYS_AGO.length - ends.length)] ?? 1 + Math.sin(daysAgo * (number + 2)) / 30;
      return {
        item,
        daysAgo,
        hour,
        price: Math.round(1_000 * (number + 1) * factor * (1 + hour / 1_000)) / 10,
      };
    }),
  ),
);
RAW.push({ item: 'zz Seule', daysAgo: 3, hour: 5, price: 77.5 });
const ITEMS = [...new Set(RAW.map((raw) => raw.item))];
const categoryOf = (item: string): string | null =>
  item === 'zz Argent' || item === 'zz Cuir' ? METALS : null;

const ICON_ID = '0195aaaa-0000-7000-8000-000000000001';
const iconOf = (item: string): string | null =>
  item === 'zz Cuir' ? `${server.url}/api/v1/market/icons/${ICON_ID}` : null;

let database: TestDatabase;
let server: ServerProcess;

async function rowsOf(query: string): Promise<Record<string, unknown>[]> {
  const { status, body }: Answer = await getMarket(server, query);
  expect([query, status]).toEqual([query, 200]);
  return body as Record<string, unknown>[];
}

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
        captured_at: `${dayOf(daysAgo)}T${String(hour).padStart(2, '0')}:00:00.000000Z`,
        ...(categoryOf(item) !== null ? { category: categoryOf(item) } : {}),
      }),
    ),
  );
  expect([status, body.inserted]).toEqual([201, RAW.length]);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query("UPDATE market.item SET icon_id = $1 WHERE label = 'zz Cuir'", [ICON_ID]);
  await rebuildRollups(runnerOf(owner), dayOf(0));
  await owner.end();
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** stddev_samp. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** An item over the days from so many days ago until now, by the original's formulas. */
function naive(item: string, from: number) {
  const own = RAW.filter((raw) => raw.item === item && raw.daysAgo <= from);
  const days = [...new Set(own.map((raw) => raw.daysAgo))].sort((a, b) => b - a);
  const means = days.map((daysAgo) =>
    average(own.filter((raw) => raw.daysAgo === daysAgo).map((raw) => raw.price)),
  );
  const pct = (first: number, last: number): number => (first === 0 ? 0 : ((last - first) / first) * 100);
  const moves = means.map((mean, place) => (place === 0 ? 0 : pct(means[place - 1]!, mean)));
  const newest = own.reduce((a, b) =>
    b.daysAgo < a.daysAgo || (b.daysAgo === a.daysAgo && b.hour > a.hour) ? b : a,
  );
  return {
    item,
    days,
    means,
    newest,
    first: means[0]!,
    last: means.at(-1)!,
    pct: pct(means[0]!, means.at(-1)!),
    volatility: deviation(moves),
    ma7: average(means.slice(-7)),
    mean: average(means),
    spread: means.length < 2 ? null : (deviation(means)! / average(means)) * 100,
  };
}

type Naive = ReturnType<typeof naive>;
const near = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 7));

describe('type=volatility', () => {
  const expected = (items: readonly string[] = ITEMS): Naive[] =>
    items
      .map((item) => naive(item, 30))
      .filter(({ days }) => days.length >= 2)
      .sort((a, b) => b.volatility! - a.volatility!);
  const shown = (row: Naive): object => ({
    item_name: row.item,
    server: 'Hell Mina',
    volatility: near(row.volatility),
    last_price: near(row.last),
    pct_change: near(row.pct),
    obs_count: row.days.length,
    icon_url: iconOf(row.item),
  });

  it('lists what moves most, a price of zero among the days or not', async () => {
    const rows = await rowsOf(`resource=market&type=volatility&${SERVER}&${SPAN}&limit=10&order=desc`);
    expect(rows).toEqual(expected().map(shown));
    expect(rows.map((row) => row['item_name'])).toContain('zz Zéro');
  });

  it.each([
    ['order=asc', expected().reverse()],
    ['order=sideways', expected()],
    ['limit=2', expected().slice(0, 2)],
    ['limit=0&page=-1', expected().slice(0, 1)],
    ['min_price=150', expected().filter(({ last }) => last >= 150)],
    ['max_price=150', expected().filter(({ last }) => last <= 150)],
    ['filterItems=zz+Bois%2Czz+Z%C3%A9ro%2C', expected(['zz Bois', 'zz Zéro'])],
    ["filterItems=%25'%3B--", []],
  ])('takes %s', async (query, rows) => {
    expect(await rowsOf(`resource=market&type=volatility&${SERVER}&${SPAN}&${query}`)).toEqual(
      rows.map(shown),
    );
  });
});

describe.each([
  ['opportunities', 'discount_pct', -1],
  ['sell-opportunities', 'premium_pct', 1],
] as const)('type=%s', (type, beyond, sign) => {
  const expected = (): (Naive & { target: number })[] =>
    ITEMS.map((item) => naive(item, 30))
      .filter(({ days }) => days.length >= 3)
      .map((row) => ({ ...row, target: row.ma7 * (1 + (sign * row.volatility!) / 100) }))
      .filter(({ last, target }) => sign * (last - target) > 0)
      .sort((a, b) => Math.abs(b.last - b.target) - Math.abs(a.last - a.target));

  it('lists prices beyond their target', async () => {
    expect(expected().length).toBeGreaterThan(0);
    expect(await rowsOf(`resource=market&type=${type}&${SERVER}&${SPAN}&limit=10`)).toEqual(
      expected().map((row) => ({
        item_name: row.item,
        server: 'Hell Mina',
        current_price: near(row.last),
        ma7: near(row.ma7),
        volatility: near(row.volatility),
        target_price: near(row.target),
        [beyond]: near((Math.abs(row.target - row.last) / row.target) * 100),
        icon_url: iconOf(row.item),
      })),
    );
  });

  it('takes bounds of the price', async () => {
    const [first] = expected();
    const bound = Math.ceil(first!.last) + 1;
    const rows = await rowsOf(`resource=market&type=${type}&${SERVER}&${SPAN}&min_price=${bound}`);
    expect(rows.map((row) => row['item_name'])).toEqual(
      expected()
        .filter(({ last }) => last >= bound)
        .map(({ item }) => item),
    );
  });
});

describe('type=scanner', () => {
  const expected = (period: number): Naive[] =>
    ITEMS.filter((item) => RAW.some((raw) => raw.item === item && raw.daysAgo <= period))
      .map((item) => naive(item, period))
      .filter(({ mean, newest }) => mean - newest.price > 0)
      .sort((a, b) => b.mean - b.newest.price - (a.mean - a.newest.price));
  const shown = (row: Naive): object => ({
    item_name: row.item,
    server: 'Hell Mina',
    category: categoryOf(row.item),
    current_price: row.newest.price,
    avg_price: near(row.mean),
    profit: near(row.mean - row.newest.price),
    margin: near(((row.mean - row.newest.price) / row.mean) * 100),
    volatility: near(row.spread),
    last_seen_at: `${dayOf(row.newest.daysAgo)}T${String(row.newest.hour).padStart(2, '0')}:00:00.000+00:00`,
    days_seen: row.days.length,
    icon_url: iconOf(row.item),
  });
  const profit = (row: Naive): number => row.mean - row.newest.price;

  it.each([
    ['', 7],
    ['&period=30', 30],
    ['&period=12', 12],
  ])('lists what is cheaper than on average%s', async (query, period) => {
    const rows = await rowsOf(`resource=analysis&type=scanner&${SERVER}${query}`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows).toEqual(expected(period).map(shown));
  });

  it.each([
    ['min_price=200', ({ newest }: Naive) => newest.price >= 200],
    ['max_price=200', ({ newest }: Naive) => newest.price <= 200],
    ['min_profit=20', (row: Naive) => profit(row) >= 20],
    ['min_margin=10', (row: Naive) => profit(row) / row.mean >= 0.1],
    ['freshness=1', () => false],
    ['freshness=240', () => true],
    ['min_volatility=15', ({ spread }: Naive) => spread !== null && spread >= 15],
    ['max_volatility=15', ({ spread }: Naive) => spread !== null && spread <= 15],
    [`categories=${encodeURIComponent(METALS)}%2Cnone`, ({ item }: Naive) => categoryOf(item) !== null],
    ['categories=none', () => false],
    ['filter_items=zz+Cuir%2Czz+Dent', ({ item }: Naive) => item === 'zz Cuir' || item === 'zz Dent'],
    ['min_price=&max_price=none&freshness=&categories=', () => true],
  ])('takes %s', async (query, isMeant) => {
    const rows = await rowsOf(`resource=analysis&type=scanner&${SERVER}&period=30&${query}&limit=50`);
    expect(rows).toEqual(expected(30).filter(isMeant).map(shown));
  });
});

describe('type=trends', () => {
  const direction = (before: number, after: number): number => Math.sign(after - before);
  function trendOf({ means }: Naive): [type: string, runDays: number] | null {
    if (means.length < 3) return null;
    const [a, b, c] = means.slice(-3) as [number, number, number];
    const [previous, last] = [direction(a, b), direction(b, c)];
    const runDays = previous === last ? 3 : 2;
    if (last > 0 && previous >= 0) return ['bullish', runDays];
    if (last < 0 && previous <= 0) return ['bearish', runDays];
    return last > 0 ? ['rebound', runDays] : ['stable', 1];
  }

  it.each(['bullish', 'bearish', 'rebound', 'stable'])('lists what is %s', async (type) => {
    const expected = ITEMS.map((item) => naive(item, 30))
      .filter((row) => trendOf(row)?.[0] === type)
      .sort((a, b) => Math.abs(b.pct) - Math.abs(a.pct));
    expect(expected.length).toBeGreaterThan(0);
    const rows = await rowsOf(
      `resource=analysis&type=trends&${SERVER}&period=30&trend_type=${type}&limit=50`,
    );
    expect(rows).toEqual(
      expected.map((row) => ({
        item_id: expect.any(Number),
        item_name: row.item,
        server: 'Hell Mina',
        category: categoryOf(row.item),
        current_price: near(row.last),
        start_price: near(row.first),
        price_change_pct: near(row.pct),
        trend_type: type,
        consecutive_days: trendOf(row)![1],
        history: row.days.map((daysAgo, place) => ({ d: dayOf(daysAgo), p: near(row.means[place]!) })),
        icon_url: iconOf(row.item),
      })),
    );
  });

  it('is bullish over 30 days unless it is told otherwise, and takes filters', async () => {
    const plain = await rowsOf(`resource=analysis&type=trends&${SERVER}`);
    expect(plain).toEqual(
      await rowsOf(`resource=analysis&type=trends&${SERVER}&period=30&trend_type=sideways&limit=50`),
    );
    expect(plain.map((row) => row['item_name'])).toContain('zz Bois');
    for (const filter of ['filter_items=zz+Cuir', 'categories=none', 'max_price=1'])
      expect(await rowsOf(`resource=analysis&type=trends&${SERVER}&${filter}`)).toEqual([]);
  });
});

it.each([
  `resource=market&type=volatility&server=Nowhere&${SPAN}`,
  `resource=market&type=opportunities&server=Nowhere&${SPAN}`,
  'resource=analysis&type=scanner&server=Nowhere',
  'resource=analysis&type=trends&server=Nowhere',
  'resource=analysis&type=scanner&server=Draconiros',
  `resource=market&type=volatility&${SERVER}&from=${dayOf(0)}&to=${dayOf(30)}`,
])('a market that nobody has seen is empty: %s', async (query) => {
  expect(await rowsOf(query)).toEqual([]);
});
