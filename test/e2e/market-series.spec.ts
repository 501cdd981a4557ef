import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const SERIES = '/api/v1/market/games/dofus/servers/draconiros/items/11/series';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday; the series runs over two turns of a week and one of a month. */
const START_MS = Date.UTC(2026, 1, 23);
const POINTS = Array.from({ length: 60 }, (_, index) => ({
  atMs: START_MS + Math.floor(index * 7.3 * HOUR_MS) + (index % 3) * 60_000,
  unitPrice: 100 + ((index * 37) % 50),
}));

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  const { rows } = await owner.query<{ externalId: number }>(
    'SELECT external_id AS "externalId" FROM market.item WHERE id = 11',
  );
  const { json } = await post(
    server.url,
    OBSERVATIONS_PATH,
    POINTS.map(({ atMs, unitPrice }) => ({
      externalId: rows[0]!.externalId,
      unitPrice,
      capturedAt: new Date(atMs).toISOString(),
      source: '=cmd, "x"',
    })),
  );
  expect(json.acceptedCount).toBe(POINTS.length);
  await rebuildRollups(runnerOf(owner), '2026-03-20');
  await owner.end();
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const read = async (query: string, headers: Record<string, string> = {}): Promise<Answer> => {
  const answer = await get(server.url, `${SERIES}?${query}`, { headers });
  expect({ query, status: answer.status }).toEqual({ query, status: 200 });
  return answer;
};

const median = (values: readonly number[]): number => {
  const ordered = [...values].sort((a, b) => a - b);
  const half = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
};

type Points = typeof POINTS;
const groupsOf = (points: Points, lengthMs: number): Map<number, Points> => {
  const groups = new Map<number, Points>();
  for (const point of points) {
    const start = Math.floor((point.atMs - START_MS) / lengthMs) * lengthMs + START_MS;
    groups.set(start, [...(groups.get(start) ?? []), point]);
  }
  return groups;
};

/** START_MS is the beginning of an hour, a day and a week. */
function naive(lengthMs: number, points: Points = POINTS): object[] {
  return [...groupsOf(points, lengthMs)].map(([startMs, within]) => {
    const prices = within.map((point) => point.unitPrice);
    const days = [...groupsOf(within, DAY_MS).values()].map((day) => day.map((point) => point.unitPrice));
    const medians = days.flatMap((day) => day.map(() => median(day)));
    return {
      startAt: new Date(startMs).toISOString(),
      open: prices[0],
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1),
      mean: expect.closeTo(prices.reduce((a, b) => a + b) / prices.length, 9),
      median: lengthMs > DAY_MS ? median(medians) : median(prices),
      n: prices.length,
    };
  });
}

const BUCKETS: [bucket: string, lengthMs: number, query: string][] = [
  ['hour', HOUR_MS, 'from=2026-02-23&to=2026-03-20'],
  ['day', DAY_MS, ''],
  ['week', 7 * DAY_MS, ''],
];

describe.each(BUCKETS)('a series by %s', (bucket, lengthMs, span) => {
  it('says what the raw rows say', async () => {
    const { json } = await read(`bucket=${bucket}&${span}&limit=1000`);
    expect(json).toEqual({ bucket, items: naive(lengthMs), nextCursor: null });
  });

  it.each([1, 2, 3])('is walked in pages of %i', async (limit) => {
    const items: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await read(`bucket=${bucket}&${span}&limit=${limit}${cursor && `&cursor=${cursor}`}`);
      items.push(...(json.items as unknown[]));
      cursor = json.nextCursor as string | null;
    }
    expect(items).toEqual(naive(lengthMs));
  });

  it('gives whole buckets', async () => {
    const [from, to] = [POINTS[20]!.atMs, POINTS[30]!.atMs];
    const startOf = (ms: number): number => Math.floor((ms - START_MS) / lengthMs) * lengthMs + START_MS;
    const within = POINTS.filter(({ atMs }) => atMs >= startOf(from) && atMs < startOf(to) + lengthMs);
    const iso = (ms: number): string => encodeURIComponent(new Date(ms).toISOString());
    const { json } = await read(`bucket=${bucket}&from=${iso(from)}&to=${iso(to)}`);
    expect(json.items).toEqual(naive(lengthMs, within));
  });
});

describe.each(BUCKETS)('fields of a series by %s', (bucket, lengthMs, span) => {
  const quantile = (prices: readonly number[], share: number): number => {
    const ordered = [...prices].sort((a, b) => a - b);
    const place = share * (ordered.length - 1);
    const [below, above] = [ordered[Math.floor(place)]!, ordered[Math.ceil(place)]!];
    return below + (above - below) * (place % 1);
  };
  const expected = [...groupsOf(POINTS, lengthMs)].map(([startMs, within]) => {
    const prices = within.map((point) => point.unitPrice);
    return {
      startAt: new Date(startMs).toISOString(),
      p95: expect.closeTo(quantile(prices, 0.95), 9),
      n: prices.length,
      p5: expect.closeTo(quantile(prices, 0.05), 9),
    };
  });

  it('are those that are named, quantiles among them', async () => {
    const { json } = await read(`bucket=${bucket}&${span}&limit=1000&fields=p95,n,p5`);
    expect(json.items).toEqual(expected);
    const page = await read(`bucket=${bucket}&${span}&limit=2&fields=p95,n,p5,n`);
    expect(page.json.items).toEqual(expected.slice(0, 2));
    const next = await read(`bucket=${bucket}&${span}&limit=2&fields=p5&cursor=${page.json.nextCursor}`);
    expect(next.json.items).toEqual(expected.slice(2, 4).map(({ startAt, p5 }) => ({ startAt, p5 })));
  });

  it('are the columns of the table, in their order', async () => {
    const { text } = await read(`bucket=${bucket}&${span}&limit=1000&fields=n,p5,close&format=csv`);
    const lines = text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('startAt,n,p5,close');
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual(
      expected.map(({ startAt, n }) => [startAt, String(n)]),
    );
  });
});

it.each(['bucket=day&fields=', 'bucket=day&fields=open,volume', 'bucket=day&fields=open,,n', 'fields=open'])(
  'fields that there are not are refused: ?%s',
  async (query) => {
    const answer = await get(server.url, `${SERIES}?${query}`);
    expectProblem(answer, 400);
    expect(answer.json.errors).toEqual([expect.objectContaining({ pointer: '/fields' })]);
  },
);

it('hours are given for 31 days, the last ones unless said otherwise', async () => {
  expectProblem(
    await get(server.url, `${SERIES}?bucket=hour&from=2026-01-01&to=2026-02-02`),
    422,
    'market/span-too-long',
  );
  expect((await read('bucket=hour&from=2026-02-01&to=2026-03-04')).json.items.length).toBeGreaterThan(10);
  expect((await read('bucket=hour')).json.bucket).toBe('hour');
});

it.each(['raw', 'hour', 'day', 'week'])(
  '%s: a span backwards and an unknown item are refused',
  async (bucket) => {
    const backwards = await get(server.url, `${SERIES}?bucket=${bucket}&from=2026-02-02&to=2026-02-01`);
    expectProblem(backwards, 400, 'http/malformed');
    expect(backwards.json.errors).toEqual([expect.objectContaining({ pointer: '/to' })]);
    const unknown = SERIES.replace(/items\/\d+/, 'items/2000000000');
    expectProblem(await get(server.url, `${unknown}?bucket=${bucket}`), 404, 'market/unknown-item');
  },
);

it.each(['from=0001-01-01', 'to=9999-12-31', 'from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z'])(
  'the far ends of the calendar are taken: ?%s',
  async (query) => {
    for (const bucket of ['day', 'week'])
      expect((await read(`bucket=${bucket}&limit=1000&${query}`)).json.nextCursor).toBeNull();
  },
);

describe('as CSV', () => {
  it.each([
    ['format=csv', {}],
    ['', { accept: 'text/csv' }],
    ['', { accept: 'text/csv, application/json;q=0.5' }],
  ])('is given for %s %j', async (query, headers) => {
    const { text, headers: sent } = await read(`bucket=day&limit=3&${query}`, headers);
    expect(sent.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(sent.get('vary')).toContain('Accept');
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('startAt,open,high,low,close,mean,median,n');
    expect(lines).toHaveLength(5);
    const next = await read(`bucket=day&format=csv&cursor=${sent.get('x-next-cursor')}&limit=1000`);
    expect(next.text.split('\r\n').slice(1)[0]).toMatch(/^2026-02-26T00:00:00.000Z,/);
    expect(next.headers.get('x-next-cursor')).toBeNull();
  });

  it('quotes what strangers have named', async () => {
    const { text } = await read('format=csv&limit=1');
    expect(text).toMatch(
      /^id,capturedAt,unitPrice,lots,source,isSimulated,isFlagged,flagReason\r\n\d+,2026-02-23T00:00:00.000Z,100,1,"'=cmd, ""x""",false,false,\r\n$/,
    );
  });

  it.each([{ accept: 'application/json' }, { accept: '*/*' }, { accept: 'image/png' }])(
    'is not given for %j',
    async (headers) => {
      expect((await read('bucket=week', headers)).json.items.length).toBeGreaterThan(1);
      expect((await read('format=json&bucket=week', { accept: 'text/csv' })).json.bucket).toBe('week');
    },
  );
});
