import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { confidenceOf } from './confidence.js';

const evidence = fc.record({
  n: fc.integer({ min: 1, max: 10_000 }),
  days: fc.integer({ min: 1, max: 366 }),
  spanDays: fc.integer({ min: 1, max: 732 }),
  ageDays: fc.integer({ min: -1, max: 732 }),
});

describe('confidence', () => {
  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const found = confidenceOf(given);
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not fall with more evidence, nor rise with age', () => {
    fc.assert(
      fc.property(evidence, fc.integer({ min: 1, max: 50 }), (given, more) => {
        const found = confidenceOf(given);
        expect(confidenceOf({ ...given, n: given.n + more })).toBeGreaterThanOrEqual(found);
        expect(confidenceOf({ ...given, days: given.days + more })).toBeGreaterThanOrEqual(found);
        expect(confidenceOf({ ...given, ageDays: given.ageDays + more })).toBeLessThanOrEqual(found);
      }),
    );
  });

  it.each([
    [{ n: 60, days: 31, spanDays: 31, ageDays: 0 }, 0.999],
    [{ n: 60, days: 31, spanDays: 31, ageDays: 7 }, 0.5],
    [{ n: 6, days: 7, spanDays: 31, ageDays: 0 }, 0.25],
    [{ n: 1, days: 1, spanDays: 1, ageDays: 0 }, 0.109],
    [{ n: 1, days: 1, spanDays: 366, ageDays: 300 }, 0],
  ])('of %j is %d', (given, expected) => {
    expect(confidenceOf(given)).toBe(expected);
  });
});
