import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  copyWorld,
  isKnown,
  meanOf,
  type PlainWorld,
  quantileOf,
  sumOf,
  WORLDS,
} from '../../../test/support/figure-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { READ_PRINCIPAL } from '../../platform/auth/principal.js';
import { bucketStarts } from '../figures/bucket-starts.js';
import {
  filtersOf,
  SERIES_METRICS,
  type SeriesFilter,
  type SeriesMetric,
} from '../figures/series-metrics.js';
import { BUCKETS } from '../figures/time-buckets.js';
import { MetricsRepository, type PointRow } from './metrics.repository.js';
import { type SeriesRow, SeriesRepository } from './series.repository.js';

// Every metric of every bucket equals what plain lists say, on random plays and on recorded ones.

const HOUR_MS = 3_600_000;
let units: TestUnits;
const worlds = new Map<string, PlainWorld>();

beforeAll(async () => {
  units = await openUnits();
  for (const name of WORLDS) worlds.set(name, await copyWorld(units, name));
});

afterAll(() => units.close());

interface Row {
  atMs: number;
  environment: string;
}

const isOf = (row: Row & object, filter: SeriesFilter): boolean =>
  Object.entries(filter).every(
    ([key, word]) =>
      word === undefined ||
      (row as Record<string, unknown>)[
        key === 'agent' && 'name' in row ? 'name' : key === 'gap' ? 'kind' : key
      ] === word,
  );

/** The metric of rows between two instants, told naively. */
function naive(
  { traces, runs, turns, stories, gaps }: PlainWorld,
  metric: SeriesMetric,
  filter: SeriesFilter,
  [fromMs, toMs]: readonly [number, number],
  settledMs: number,
): number | null {
  const within = <Own extends Row>(rows: readonly Own[]): Own[] =>
    rows.filter((row) => row.atMs >= fromMs && row.atMs < toMs && isOf(row, filter));
  const [t, r, u, g] = [within(traces), within(runs), within(turns), within(gaps)];
  const s = within(stories.flatMap((story) => (story.atMs === null ? [] : [{ ...story, atMs: story.atMs }])));
  const settled = s.filter(({ isComplete, endedMs }) => isComplete || endedMs <= settledMs);
  const share = (rows: readonly unknown[], some: readonly unknown[]): number | null =>
    rows.length === 0 ? null : some.length / rows.length;
  const latencies = r.map(({ latencyMs }) => latencyMs).filter(isKnown);
  const waits = t.map(({ latencyS }) => latencyS).filter(isKnown);
  const turned = u.map(({ latencyMs }) => latencyMs);
  const all: Record<SeriesMetric, () => number | null> = {
    'session-count': () => new Set(t.map(({ sessionId }) => sessionId).filter((id) => id !== null)).size,
    'trace-count': () => t.length,
    'trace-error-count': () => t.filter(({ isError }) => isError).length,
    'trace-error-ratio': () =>
      share(
        t,
        t.filter(({ isError }) => isError),
      ),
    'trace-latency-mean-s': () => meanOf(waits),
    'trace-latency-p95-s': () => quantileOf(waits, 0.95),
    'cost-usd': () => sumOf(t, ({ costUsd }) => costUsd),
    'token-count': () => sumOf(t, ({ totalTokens }) => totalTokens),
    'run-count': () => r.length,
    'run-error-count': () => r.filter(({ isError }) => isError).length,
    'run-error-ratio': () =>
      share(
        r,
        r.filter(({ isError }) => isError),
      ),
    'run-cost-usd': () => sumOf(r, ({ costUsd }) => costUsd),
    'run-latency-p50-ms': () => quantileOf(latencies, 0.5),
    'run-latency-p95-ms': () => quantileOf(latencies, 0.95),
    'run-latency-p99-ms': () => quantileOf(latencies, 0.99),
    'turn-count': () => u.length,
    'turn-latency-p50-ms': () => quantileOf(turned, 0.5),
    'turn-latency-p95-ms': () => quantileOf(turned, 0.95),
    'story-count': () => s.length,
    'story-complete-ratio': () =>
      share(
        settled,
        settled.filter(({ isComplete }) => isComplete),
      ),
    'story-cost-mean-usd': () => meanOf(s.map(({ costUsd }) => costUsd)),
    'story-wasted-usd': () =>
      sumOf(
        settled.filter(({ isComplete }) => !isComplete),
        ({ costUsd }) => costUsd,
      ),
    'gap-count': () => sumOf(g, ({ count }) => count),
  };
  return all[metric]();
}

const close = (value: number | null): unknown => (value === null ? null : expect.closeTo(value, 6));

/** Words of the world's own, and one of nobody's. */
function filterOf(world: PlainWorld, metric: SeriesMetric, turn: number): SeriesFilter {
  const words: Record<string, (string | null)[]> = {
    agent: world.runs.map(({ name }) => name),
    model: world.runs.map(({ model }) => model),
    chapter: world.traces.map(({ chapter }) => chapter),
    release: world.stories.map(({ release }) => release),
    mortal: world.stories.map(({ mortal }) => mortal),
    match: world.stories.map(({ match }) => match),
    gap: world.gaps.map(({ kind }) => kind),
    environment: world.traces.map(({ environment }) => environment),
  };
  const keys = [...filtersOf(metric), 'environment'];
  const key = keys[turn % keys.length]!;
  const known = words[key]!.filter((word) => word !== null);
  if (turn % 3 === 0 || known.length === 0) return {};
  return { [key]: turn % 7 === 1 ? 'nobody' : known[turn % known.length]! };
}

describe.each(WORLDS)('series of %s', (name) => {
  const series = new SeriesRepository();

  it.each(SERIES_METRICS)(
    '%s is that of its rows, in every bucket and narrowed to whatever',
    async (metric) => {
      const world = worlds.get(name)!;
      const times = world.traces.map(({ atMs }) => atMs);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...BUCKETS),
          fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Havana'),
          fc.integer({ min: first - 30 * HOUR_MS, max: last }),
          fc.integer({ min: 1, max: 120 * HOUR_MS }),
          fc.nat(100),
          async (bucket, tz, fromMs, lengthMs, turn) => {
            const span = { from: new Date(fromMs), to: new Date(fromMs + lengthMs) };
            const starts = bucketStarts(bucket, span, tz);
            const filter = filterOf(world, metric, turn);
            const settledBefore = new Date(fromMs + lengthMs / 2);
            const question = { projectId: name, metric, filter, span, starts, settledBefore };
            const rows = await units.app.read<SeriesRow>(READ_PRINCIPAL, series.statement(question));
            const expected = starts.map((start, index) => {
              const end = Math.min(starts[index + 1] ?? Infinity, fromMs + lengthMs);
              return close(
                naive(world, metric, filter, [Math.max(start, fromMs), end], settledBefore.getTime()),
              );
            });
            expect(series.fill(question, rows)).toEqual(expected);
          },
        ),
        { numRuns: 4 },
      );
    },
  );

  it('all at once are those one by one, across changes of clocks', async () => {
    const world = worlds.get(name)!;
    const metrics = new MetricsRepository();
    const times = world.traces.map(({ atMs }) => atMs);
    const span = { from: new Date(Math.min(...times) - 48 * HOUR_MS), to: new Date(Math.max(...times) + 1) };
    for (const [bucket, tz] of [
      ['day', 'Europe/Berlin'],
      ['hour', 'Australia/Lord_Howe'],
      ['week', 'America/Havana'],
    ] as const) {
      const starts = bucketStarts(bucket, span, tz);
      const statement = metrics.seriesStatement(name, span, null, starts);
      const rows = await units.app.read<PointRow>(READ_PRINCIPAL, statement);
      expect(rows.map(({ from }) => from.getTime())).toEqual(starts);
      expect(rows.map(({ traceCount, meanLatencyS }) => [traceCount, meanLatencyS])).toEqual(
        starts.map((start, index) => {
          const within = [start, starts[index + 1] ?? span.to.getTime()] as const;
          return [
            naive(world, 'trace-count', {}, within, 0),
            close(naive(world, 'trace-latency-mean-s', {}, within, 0)),
          ];
        }),
      );
      expect(sumOf(rows, ({ traceCount }) => traceCount)).toBe(world.traces.length);
    }
  });
});
