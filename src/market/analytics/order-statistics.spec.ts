import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { median, quantile, robustDeviation, sampleDeviation, sorted } from './order-statistics.js';

const values = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 40 });

describe('order statistics', () => {
  it('the median has as many values above as below', () => {
    fc.assert(
      fc.property(values, (given) => {
        const middle = median(given);
        const below = given.filter((value) => value < middle).length;
        const above = given.filter((value) => value > middle).length;
        expect(below).toBeLessThanOrEqual(given.length / 2);
        expect(above).toBeLessThanOrEqual(given.length / 2);
      }),
    );
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  });

  it('quantiles ascend from the least to the most', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const ordered = sorted(given);
        expect(quantile(ordered, 0)).toBe(ordered[0]);
        expect(quantile(ordered, 1)).toBe(ordered.at(-1));
        const found = quantile(ordered, share);
        expect(found).toBeGreaterThanOrEqual(ordered[0]! - 1e-9);
        expect(found).toBeLessThanOrEqual(ordered.at(-1)! + 1e-9);
      }),
    );
    expect(quantile([10, 20], 0.25)).toBe(12.5);
  });

  it('deviations do not care where zero is', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -500, max: 500 }), (given, shift) => {
        const moved = given.map((value) => value + shift);
        expect(robustDeviation(moved)).toBeCloseTo(robustDeviation(given), 6);
        if (given.length > 1) expect(sampleDeviation(moved)).toBeCloseTo(sampleDeviation(given)!, 6);
      }),
    );
    expect(sampleDeviation([5])).toBeNull();
    expect(sampleDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('the robust deviation is not moved far by a third of nonsense', () => {
    const sound = Array.from({ length: 20 }, (_, index) => index);
    const spoiled = [...sound, ...Array.from({ length: 9 }, () => 1e12)];
    expect(robustDeviation(spoiled)).toBeLessThan(3 * robustDeviation(sound));
  });
});
