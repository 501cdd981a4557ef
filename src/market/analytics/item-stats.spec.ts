import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classicStats, type DayFigure, robustStats } from './item-stats.js';
import { utcDayOf } from './utc-day.js';

const dayAt = (number: number): string => utcDayOf(number * 86_400_000);
const price = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 100_000 }).map((cents) => cents / 100) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const days = fc
  .uniqueArray(fc.record({ number: fc.integer({ min: 20_000, max: 20_060 }), mean: price, median: price }), {
    minLength: 1,
    maxLength: 30,
    selector: ({ number }) => number,
  })
  .map((given) =>
    given
      .sort((a, b) => a.number - b.number)
      .map(({ number, ...prices }): DayFigure => ({ day: dayAt(number), ...prices })),
  );

/** The original's formulas, one after the other. */
function naive(given: readonly DayFigure[]): object {
  const means = given.map((day) => day.mean);
  const first = means[0]!;
  const last = means[means.length - 1]!;
  const moves: number[] = [];
  means.forEach((value, index) => {
    const before = means[index - 1];
    moves.push(before === undefined || before === 0 ? 0 : ((value - before) / before) * 100);
  });
  let volatility: number | null = null;
  if (moves.length >= 2) {
    const average = moves.reduce((a, b) => a + b, 0) / moves.length;
    let squares = 0;
    for (const move of moves) squares += (move - average) ** 2;
    volatility = Math.sqrt(squares / (moves.length - 1));
  }
  const lastAt = Date.parse(given[given.length - 1]!.day);
  const week = given.filter((day) => lastAt - Date.parse(day.day) <= 6 * 86_400_000).map((day) => day.mean);
  const ma7 = week.reduce((a, b) => a + b, 0) / week.length;
  const ordered = [...means].sort((a, b) => a - b);
  const half = Math.floor(ordered.length / 2);
  let signal = 'neutral';
  if (volatility !== null) {
    if (last < ma7 * (1 - volatility / 100)) signal = 'buy';
    else if (last > ma7 * (1 + volatility / 100)) signal = 'sell';
  }
  return {
    changePct: first === 0 ? 0 : expect.closeTo(((last - first) / first) * 100, 6),
    volatilityPct: volatility === null ? null : expect.closeTo(volatility, 4),
    medianPrice: expect.closeTo(
      ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2,
      6,
    ),
    movingAverage: expect.closeTo(ma7, 6),
    signal,
  };
}

describe('classic figures', () => {
  it('are the original’s', () => {
    fc.assert(
      fc.property(
        days.filter((given) => given.length === 1 || given.some((day) => day.mean !== given[0]!.mean)),
        (given) => {
          expect(classicStats(given)).toEqual(naive(given));
        },
      ),
    );
  });

  it('of one day have no volatility and no signal', () => {
    expect(classicStats([{ day: '2026-01-01', mean: 5, median: 5 }])).toEqual({
      changePct: 0,
      volatilityPct: null,
      medianPrice: 5,
      movingAverage: 5,
      signal: 'neutral',
    });
  });
});

describe('robust figures', () => {
  it('are numbers or null, whatever the prices', () => {
    fc.assert(
      fc.property(days, (given) => {
        for (const value of Object.values(robustStats(given)))
          expect(value === null || typeof value === 'string' || Number.isFinite(value)).toBe(true);
      }),
    );
  });

  it('scale with nothing but the prices', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 2, max: 9 }), (given, factor) => {
        const found = robustStats(given);
        const scaled = robustStats(
          given.map((day) => ({ ...day, mean: day.mean * factor, median: day.median * factor })),
        );
        expect(scaled.medianPrice).toBeCloseTo(found.medianPrice * factor, 6);
        expect(scaled.changePct === null).toBe(found.changePct === null);
        if (found.changePct !== null)
          expect(Math.log1p(scaled.changePct! / 100)).toBeCloseTo(Math.log1p(found.changePct / 100), 9);
      }),
    );
  });

  it('do not take one mad day for a trend, and see a last day that stands apart', () => {
    const steady = Array.from({ length: 20 }, (_, index) => {
      const value = 100 + (index % 3);
      return { day: dayAt(20_000 + index), mean: value, median: value };
    });
    const mad = steady.map((day, index) => (index === 9 ? { ...day, mean: 1e9, median: 1e9 } : day));
    expect(robustStats(mad).changePct).toEqual(robustStats(steady).changePct);
    expect(robustStats(steady).signal).toBe('neutral');
    const [cheap, dear] = [50, 200].map((value) => [
      ...steady,
      { day: dayAt(20_020), mean: value, median: value },
    ]);
    expect([robustStats(cheap!).signal, robustStats(dear!).signal]).toEqual(['buy', 'sell']);
  });
});
