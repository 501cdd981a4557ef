import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classicTrend, MAX_TREND_BUCKETS, robustTrend, theilSen, trendBuckets } from './trends.js';

const price = fc.integer({ min: 0, max: 1_000 });
const series = fc
  .uniqueArray(fc.record({ day: fc.integer({ min: 0, max: 365 }), price }), {
    minLength: 1,
    maxLength: 80,
    selector: ({ day }) => day,
  })
  .map((days) => days.sort((a, b) => a.day - b.day));

function middle(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  return (ordered[(ordered.length - 1) >> 1]! + ordered[ordered.length >> 1]!) / 2;
}

describe('the classic trend', () => {
  it.each([
    [[1, 2], null],
    [[9, 1, 2, 3], 'bullish 3'],
    [[2, 2, 3], 'bullish 2'],
    [[3, 2, 1], 'bearish 3'],
    [[2, 2, 1], 'bearish 2'],
    [[3, 1, 2], 'rebound 2'],
    [[1, 3, 2], 'stable 1'],
    [[1, 2, 2], 'stable 1'],
    [[0.1, 0.1, (0.1 * 3) / 3], 'stable 1'],
  ])('of %j is %s', (means, expected) => {
    const found = classicTrend(means);
    expect(found && `${found.type} ${found.runDays}`).toBe(expected);
  });
});

describe('the robust trend', () => {
  it('is the median of all slopes between buckets, with the p of Mann and Kendall', () => {
    fc.assert(
      fc.property(series, fc.constantFrom(30, 90, 365), (days, length) => {
        const span = { firstDay: 365 - length, lastDay: 365 };
        const within = days.filter(({ day }) => day >= span.firstDay);
        const width = Math.ceil((length + 1) / MAX_TREND_BUCKETS);
        const buckets = new Map<number, { day: number; price: number }[]>();
        for (const day of within.filter((seen) => seen.price > 0)) {
          const bucket = Math.floor((day.day - span.firstDay) / width);
          buckets.set(bucket, [...(buckets.get(bucket) ?? []), day]);
        }
        const points = [...buckets.values()].map((seen) => ({
          day: seen.reduce((sum, { day }) => sum + day, 0) / seen.length,
          level: middle(seen.map((day) => Math.log(day.price))),
        }));
        expect(points.length).toBeLessThanOrEqual(MAX_TREND_BUCKETS);
        const found = robustTrend(
          within.map(({ day }) => day),
          within.map((day) => day.price),
          span,
        );
        if (points.length < 2) return expect(found).toBeNull();
        const slopes = points.flatMap((b, later) =>
          points.slice(0, later).map((a) => (b.level - a.level) / (b.day - a.day)),
        );
        expect(found!.slope).toBeCloseTo(middle(slopes), 9);
        expect(found!.p).toBeCloseTo(naiveP(points.map(({ level }) => level)), 5);
      }),
    );
  });

  it('finds a rise under noise and mad prices, and none in noise alone', () => {
    const days = Array.from({ length: 60 }, (_, day) => day);
    const span = { firstDay: 0, lastDay: 59 };
    const noise = days.map((day) => 100 * (1 + 0.05 * Math.sin(day * 12.9898) * Math.cos(day * 78.233)));
    const rising = noise.map((value, day) => (day % 13 === 5 ? 1e9 : value * 1.01 ** day));
    expect(robustTrend(days, rising, span)).toMatchObject({ type: 'bullish' });
    expect(Math.expm1(robustTrend(days, rising, span)!.slope)).toBeCloseTo(0.01, 3);
    expect(robustTrend(days, noise, span)).toMatchObject({ type: 'stable' });
    const falling = noise.map((value, day) => value * 0.97 ** day);
    expect(robustTrend(days, falling.slice(0, -2).concat(1, 0.9), span)!.type).toBe('bearish');
    expect(robustTrend(days, falling.slice(0, -2).concat(90, 95), span)).toMatchObject({ type: 'rebound' });
  });

  it('turns round with time and does not depend on the unit of prices', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 2, max: 1_000 }), (days, factor) => {
        const span = { firstDay: 0, lastDay: 365 };
        const points = trendBuckets(
          days.map(({ day }) => day),
          days.map((day) => day.price),
          span,
        );
        if (points.length < 2) return;
        const found = theilSen(points);
        const back = theilSen(points.map(({ day, level }) => ({ day: -day, level })).reverse());
        expect(back.slope).toBeCloseTo(-found.slope, 9);
        expect(back.p).toBeCloseTo(found.p, 9);
        const scaled = points.map(({ day, level }) => ({ day, level: level + Math.log(factor) }));
        expect(theilSen(scaled).slope).toBeCloseTo(found.slope, 9);
      }),
    );
  });
});

/** Two-sided, by integrating the normal density. */
function naiveP(levels: readonly number[]): number {
  let score = 0;
  levels.forEach((b, later) => levels.slice(0, later).forEach((a) => (score += Math.sign(b - a))));
  const ties = new Map<number, number>();
  for (const level of levels) ties.set(level, (ties.get(level) ?? 0) + 1);
  const n = levels.length;
  let variance = n * (n - 1) * (2 * n + 5);
  for (const t of ties.values()) variance -= t * (t - 1) * (2 * t + 5);
  if (variance === 0 || Math.abs(score) <= 1) return 1;
  const z = (Math.abs(score) - 1) / Math.sqrt(variance / 18);
  const steps = 4_000;
  let area = 0;
  for (let step = 0; step < steps; step += 1) {
    const x = ((step + 0.5) / steps) * z;
    area += (Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI)) * (z / steps);
  }
  return 1 - 2 * area;
}
