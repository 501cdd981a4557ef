import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { performanceRow } from '../../../test/factories/performance-row.factory.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SeededRandom } from '../../market/simulation/random.js';
import { DatabaseLifetime } from '../database/database.module.js';
import { PerformanceLogRepository, type PerformanceRow } from './performance-log.repository.js';
import { PerformanceSink } from './performance-sink.service.js';
import { ProfilingReadRepository } from './profiling-read.repository.js';
import { ProfilingReadService } from './profiling-read.service.js';

const USER = '00000000-0000-7000-8000-0000000000aa';
const ENDPOINTS = ['GET /a', 'GET /b/:id', 'POST /c', 'job:derive'];
const OPERATIONS = ['handler', 'transaction', 'sql:x.y', 'sql:x.z'];

let units: TestUnits;
let service: ProfilingReadService;
let rows: PerformanceRow[];

/** Rows as the recorder makes them, with spans of random length. */
function makeRows(count: number): PerformanceRow[] {
  const stream = new SeededRandom(7, 1, 2);
  const random = (below: number): number => stream.uint32() % below;
  const now = Date.now();
  return Array.from({ length: count }, (_, index) => {
    const endpoint = ENDPOINTS[random(ENDPOINTS.length)]!;
    const isJob = endpoint.startsWith('job:');
    const spans = Array.from({ length: random(5) }, () => {
      const span = [OPERATIONS[random(OPERATIONS.length)]!, random(50) / 10, random(1_000) / 10];
      return random(10) === 0 ? [...span, -1, 1] : span;
    });
    const outcome = isJob ? { isError: random(4) === 0 } : { status: [200, 200, 304, 404, 500][random(5)] };
    return performanceRow({
      atMs: now - Math.floor(index / 3) * 10, // several rows of one instant
      endpoint,
      operation: isJob ? 'job' : random(20) === 0 ? 'slow_request_alert' : 'request',
      durationMs: random(100_000) / 100,
      userId: random(2) === 0 ? USER : undefined,
      extraJson: JSON.stringify({ ...outcome, spans }),
    });
  });
}

beforeAll(async () => {
  units = await openUnits();
  const sink = new PerformanceSink(
    units.system,
    new PerformanceLogRepository(),
    { warn: () => undefined },
    new DatabaseLifetime(units.database),
  );
  sink.onModuleDestroy();
  service = new ProfilingReadService(units.system, new ProfilingReadRepository());
  rows = makeRows(600);
  for (const row of rows) sink.record(row);
  for (let fault = 0; fault < 7; fault += 1)
    sink.recordError(new Error(`fault ${'abcdefg'[fault]}`), `r-${fault}`);
  await sink.flush();
  await sink.flush();
});

afterAll(() => units.close());

interface Extra {
  status?: number;
  isError?: boolean;
  spans: [string, number, number, number?, number?][];
}

const extraOf = (row: PerformanceRow): Extra => JSON.parse(row.extraJson) as Extra;

/** The value below which a share of all lies, between two of them where it falls there. */
function percentile(values: number[], ratio: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * ratio;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

describe('summary', () => {
  it('equals a naive count over every request and every span', async () => {
    const timed = rows
      .filter(({ operation }) => operation !== 'slow_request_alert')
      .flatMap((row) => {
        const { status = 0, isError = false, spans } = extraOf(row);
        return [
          { key: `${row.endpoint} ${row.operation}`, ms: row.durationMs, isError: isError || status >= 500 },
          ...spans.map(([operation, , ms, , failed]) => ({
            key: `${row.endpoint} ${operation}`,
            ms,
            isError: failed === 1,
          })),
        ];
      });
    const { items } = await service.summary({ limit: 200 });
    expect(items.map(({ endpoint, operation }) => `${endpoint} ${operation}`).sort()).toEqual(
      [...new Set(timed.map(({ key }) => key))].sort(),
    );
    for (const item of items) {
      const group = timed.filter(({ key }) => key === `${item.endpoint} ${item.operation}`);
      const values = group.map(({ ms }) => ms);
      expect([item.count, item.errorCount]).toEqual([
        group.length,
        group.filter((one) => one.isError).length,
      ]);
      expect(item.maxMs).toBe(Math.max(...values));
      expect(item.p50Ms).toBeCloseTo(percentile(values, 0.5), 9);
      expect(item.p95Ms).toBeCloseTo(percentile(values, 0.95), 9);
      expect(item.p99Ms).toBeCloseTo(percentile(values, 0.99), 9);
      expect(item.totalMs).toBeCloseTo(
        values.reduce((sum, ms) => sum + ms, 0),
        6,
      );
    }
    const p95 = items.map((item) => item.p95Ms);
    expect(p95).toEqual([...p95].sort((a, b) => b - a));
  });

  it('keeps to an endpoint and to a span of time', async () => {
    const one = await service.summary({ limit: 200, endpoint: 'GET /a' });
    expect(new Set(one.items.map(({ endpoint }) => endpoint))).toEqual(new Set(['GET /a']));
    expect(await service.summary({ limit: 200, to: '2020-01-01T00:00:00Z' })).toEqual({ items: [] });
  });
});

describe('logs', () => {
  it('come page by page, each row once, newest first', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let last = Infinity;
    do {
      const page = await service.logs({ limit: 47, ...(cursor === undefined ? {} : { cursor }) });
      for (const { requestId, timestamp } of page.items) {
        expect(Date.parse(timestamp)).toBeLessThanOrEqual(last);
        last = Date.parse(timestamp);
        seen.push(requestId);
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(rows.map(({ requestId }) => requestId).sort());
  });

  it.each<[string, object, (row: PerformanceRow) => boolean]>([
    ['endpoint', { endpoint: 'POST /c' }, (row) => row.endpoint === 'POST /c'],
    ['operation', { operation: 'job' }, (row) => row.operation === 'job'],
    [
      'operation inside of them',
      { operation: 'sql:x.y' },
      (row) => extraOf(row).spans.some(([operation]) => operation === 'sql:x.y'),
    ],
    ['account', { userId: USER }, (row) => row.userId === USER],
    ['duration', { minDurationMs: 800 }, (row) => row.durationMs >= 800],
    ['nothing that is there', { requestId: 'nobody' }, () => false],
  ])('are found by %s', async (_what, filter, matches) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.logs({ limit: 200, ...filter, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.items.map(({ requestId }) => requestId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.sort()).toEqual(
      rows
        .filter(matches)
        .map(({ requestId }) => requestId)
        .sort(),
    );
  });
});

describe('the other lists', () => {
  it('show the slowest first', async () => {
    const { items } = await service.slowest({ limit: 10 });
    const all = rows.filter(({ operation }) => operation !== 'slow_request_alert');
    const expected = all.map(({ durationMs }) => durationMs).sort((a, b) => b - a);
    expect(items.map(({ durationMs }) => durationMs)).toEqual(expected.slice(0, 10));
  });

  it('count requests by route and by account', async () => {
    const requests = rows.filter(({ operation }) => operation === 'request');
    for (const [by, keyOf] of [
      ['route', (row: PerformanceRow) => row.endpoint],
      ['account', (row: PerformanceRow) => row.userId ?? null],
    ] as const) {
      const { items } = await service.usage({ by, limit: 50 });
      expect(items.map(({ key }) => key).sort()).toEqual([...new Set(requests.map(keyOf))].sort());
      for (const item of items) {
        const own = requests.filter((row) => keyOf(row) === item.key);
        const statuses = own.map((row) => extraOf(row).status!);
        expect([item.count, item.clientErrorCount, item.serverErrorCount]).toEqual([
          own.length,
          statuses.filter((status) => status === 404).length,
          statuses.filter((status) => status === 500).length,
        ]);
        expect(item.meanMs * item.count).toBeCloseTo(item.totalMs, 6);
      }
    }
  });

  it('page through the errors', async () => {
    const first = await service.errors({ limit: 4 });
    const second = await service.errors({ limit: 4, cursor: first.nextCursor! });
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([4, 3, null]);
    const messages = [...first.items, ...second.items].map(({ message }) => message).sort();
    expect(messages).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `fault ${letter}`));
  });
});
