import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Bucket,
  type BucketFigures,
  bucketStart,
  foldWeeks,
  nextBucketStart,
  quantilesOf,
} from './series-bucket.js';

const DAY_MS = 86_400_000;
const bucket = fc.constantFrom<Bucket>('hour', 'day', 'week');
const instant = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2090, 0) });

describe('a bucket', () => {
  it.each([
    ['hour', '2026-11-21T13:59:59.999Z', '2026-11-21T13:00:00.000Z'],
    ['day', '2026-11-21T23:59:59.999Z', '2026-11-21T00:00:00.000Z'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-16T00:00:00.000Z'],
    ['week', '2026-11-23T00:00:00.000Z', '2026-11-23T00:00:00.000Z'],
  ] as const)('%s of %s begins at %s', (kind, at, start) => {
    expect(new Date(bucketStart(kind, Date.parse(at))).toISOString()).toBe(start);
  });

  it('holds the instant, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(bucket, instant, (kind, ms) => {
        const start = bucketStart(kind, ms);
        const next = nextBucketStart(kind, ms);
        expect(start <= ms && ms < next).toBe(true);
        expect(bucketStart(kind, next)).toBe(next);
        expect(bucketStart(kind, next - 1)).toBe(start);
      }),
    );
  });
});

/** Days of raw prices, at most one entry per day number. */
const world = fc
  .uniqueArray(
    fc.record({
      day: fc.integer({ min: 20_000, max: 20_040 }),
      prices: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 20, selector: ({ day }) => day },
  )
  .map((days) => days.sort((a, b) => a.day - b.day));

const median = (values: readonly number[]): number => {
  const ordered = [...values].sort((a, b) => a - b);
  const half = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
};

const toFigures = ({ day, prices }: { day: number; prices: number[] }): BucketFigures => ({
  startMs: day * DAY_MS,
  open: prices[0]!,
  high: Math.max(...prices),
  low: Math.min(...prices),
  close: prices.at(-1)!,
  sum: prices.reduce((a, b) => a + b),
  median: median(prices),
  n: prices.length,
});

describe('quantiles', () => {
  it('are known while all raw rows of the bucket are there', () => {
    const figures = toFigures({ day: 20_000, prices: [1, 2, 3] });
    const of = (n: number) => new Map([[figures.startMs, { startMs: figures.startMs, p5: 1, p95: 3, n }]]);
    expect(quantilesOf(figures, of(3))).toMatchObject({ p5: 1, p95: 3 });
    expect(quantilesOf(figures, of(4))).not.toBeNull();
    expect(quantilesOf(figures, of(2))).toBeNull();
    expect(quantilesOf(figures, new Map())).toBeNull();
  });
});

describe('weeks', () => {
  it('are what the raw prices of their days say; the median that of the daily medians, one per observation', () => {
    fc.assert(
      fc.property(world, (days) => {
        const byWeek = new Map<number, typeof days>();
        for (const entry of days) {
          const start = bucketStart('week', entry.day * DAY_MS);
          byWeek.set(start, [...(byWeek.get(start) ?? []), entry]);
        }
        const expected = [...byWeek].map(([startMs, entries]) => {
          const prices = entries.flatMap((entry) => entry.prices);
          const medians = entries.flatMap((entry) => entry.prices.map(() => median(entry.prices)));
          return { ...toFigures({ day: 0, prices }), startMs, median: median(medians) };
        });
        expect(foldWeeks(days.map(toFigures))).toEqual(expected);
      }),
    );
  });

  it('are none of no days', () => {
    expect(foldWeeks([])).toEqual([]);
  });
});
