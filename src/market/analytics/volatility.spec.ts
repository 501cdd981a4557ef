import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changePct, classicVolatility, robustVolatility } from './volatility.js';

const price = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 1e6 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const series = fc
  .uniqueArray(fc.record({ day: fc.nat(400), price }), {
    minLength: 1,
    maxLength: 40,
    selector: ({ day }) => day,
  })
  .map((days) => days.sort((a, b) => a.day - b.day));

/** The median by its definition. */
function middle(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const half = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[half]! : (ordered[half - 1]! + ordered[half]!) / 2;
}

describe('classic volatility', () => {
  it('is the sample deviation of the changes, the first day counted as none and a change from zero as 0', () => {
    fc.assert(
      fc.property(series, (days) => {
        const moves = days.map(({ price: last }, place) => {
          const first = days[place - 1]?.price ?? 0;
          return first === 0 ? 0 : (100 * (last - first)) / first;
        });
        const average = moves.reduce((a, b) => a + b, 0) / moves.length;
        const squares = moves.reduce((sum, move) => sum + (move - average) ** 2, 0);
        const found = classicVolatility(days.map((day) => day.price));
        if (moves.length < 2) expect(found).toBeNull();
        else {
          const expected = Math.sqrt(squares / (moves.length - 1));
          expect(Math.abs(found! - expected)).toBeLessThanOrEqual(1e-9 * (1 + expected));
        }
      }),
    );
  });

  it('survives what the original fails at', () => {
    expect(changePct(0, 5)).toBe(0);
    expect(classicVolatility([0, 5, 1e12])).toBeGreaterThan(0);
    expect(classicVolatility([1e12, 1e12])).toBe(0);
  });
});

describe('robust volatility', () => {
  it('is 1.4826 times the MAD of the log returns over the root of their gaps', () => {
    fc.assert(
      fc.property(series, (days) => {
        const priced = days.filter((day) => day.price > 0);
        const returns = priced
          .slice(1)
          .map(
            (day, place) =>
              Math.log(day.price / priced[place]!.price) / Math.sqrt(day.day - priced[place]!.day),
          );
        const found = robustVolatility(
          days.map(({ day }) => day),
          days.map((day) => day.price),
        );
        if (priced.length < 4) expect(found).toBeNull();
        else {
          const center = middle(returns);
          expect(found).toBeCloseTo(1.4826 * middle(returns.map((value) => Math.abs(value - center))), 9);
        }
      }),
    );
  });

  it('does not see one mad day, which the classic one is all about', () => {
    const steady = Array.from({ length: 30 }, (_, day) => 100 + (day % 3));
    const mad = steady.map((value, day) => (day === 12 ? 1e9 : value));
    const numbers = steady.map((_, day) => day);
    expect(robustVolatility(numbers, mad)! / robustVolatility(numbers, steady)!).toBeLessThan(1.6);
    expect(classicVolatility(mad)! / classicVolatility(steady)!).toBeGreaterThan(1e6);
  });
});
