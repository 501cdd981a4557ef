import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classicIndex, robustIndex, roundHalfAway, winsorise } from './market-index.js';

const logs = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the classic index', () => {
  const items = fc.array(
    fc.record({
      first: fc.integer({ min: 1, max: 10_000 }),
      last: fc.integer({ min: 0, max: 10_000 }),
      days: fc.integer({ min: 2, max: 31 }),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('is the mean of the changes, each as often as its days', () => {
    fc.assert(
      fc.property(items, (given) => {
        const each = given.flatMap(({ first, last, days }) =>
          Array.from({ length: days }, () => ((last - first) / first) * 100),
        );
        const middle = each.reduce((sum, pct) => sum + pct, 0) / each.length;
        const variance = each.reduce((sum, pct) => sum + (pct - middle) ** 2, 0) / each.length;
        const found = classicIndex({
          weightedPct: each.reduce((sum, pct) => sum + pct, 0),
          weightedSquares: each.reduce((sum, pct) => sum + pct ** 2, 0),
          weight: each.length,
        })!;
        expect(Math.abs(found.changePct - middle)).toBeLessThanOrEqual(0.005 + 1e-9 * Math.abs(middle));
        expect(Math.abs(found.dispersionPct - Math.sqrt(variance))).toBeLessThan(
          0.006 + 1e-3 * Math.sqrt(variance),
        );
      }),
    );
  });

  it('says nothing of nothing', () => {
    expect(classicIndex({ weightedPct: null, weightedSquares: null, weight: null })).toBeNull();
  });
});

describe('the robust index', () => {
  it('of a rise and the fall that undoes it is zero, where the classic one says +25 %', () => {
    expect(robustIndex([Math.log(2), Math.log(0.5)])!.changePct).toBe(0);
    expect(classicIndex({ weightedPct: 100 - 50, weightedSquares: 12_500, weight: 2 })!.changePct).toBe(25);
  });

  it('turns round with time, and goes along with a change of all prices', () => {
    fc.assert(
      fc.property(logs, fc.double({ min: -1, max: 1, noNaN: true }), (given, shift) => {
        const forth = Math.log1p(robustIndex(given)!.changePct / 100);
        const back = Math.log1p(robustIndex(given.map((log) => -log))!.changePct / 100);
        expect(forth + back).toBeCloseTo(0, 3);
        const moved = Math.log1p(robustIndex(given.map((log) => log + shift))!.changePct / 100);
        expect(moved).toBeCloseTo(forth + shift, 3);
      }),
    );
  });

  it('is not moved by how absurd an absurd item is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 40, maxLength: 60 }),
        (given) => {
          const mild = robustIndex([...given, 1])!.changePct;
          expect(robustIndex([...given, 25])!.changePct).toBeCloseTo(mild, 9);
        },
      ),
    );
  });

  it('lies within the changes of its items', () => {
    fc.assert(
      fc.property(logs, (given) => {
        const log = Math.log1p(robustIndex(given)!.changePct / 100);
        expect(log).toBeGreaterThanOrEqual(Math.min(...given) - 1e-4);
        expect(log).toBeLessThanOrEqual(Math.max(...given) + 1e-4);
        const pulled = winsorise(given);
        expect(pulled).toHaveLength(given.length);
      }),
    );
    expect(robustIndex([])).toBeNull();
  });
});

it.each([
  [1.005, 2, 1.01],
  [-1.005, 2, -1.01],
  [2.5, 0, 3],
  [-2.5, 0, -3],
  [-0, 2, 0],
  [1234.5678, 2, 1234.57],
])('%d is rounded to %d decimals as PostgreSQL does: %d', (value, decimals, expected) => {
  expect(roundHalfAway(value, decimals)).toBe(expected);
});
