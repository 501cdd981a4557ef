import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { craftXp, xpAtLevel, xpOfLevel, xpRatioOf } from './craft-xp.js';

const level = fc.integer({ min: 1, max: 200 });
const ratio = fc.integer({ min: 1, max: 1_000 });

describe('craftXp', () => {
  it.each([
    [1, 1, 100, 20],
    [100, 100, 100, 2_000],
    [100, 100, 300, 6_000],
    [100, 100, 30, 600],
    [101, 100, 100, 1_818], // 2,000 / 1.1
    [110, 100, 100, 885], // 2,000 / (1 + 0.1 * 10^1.1) = 885.4
    [99, 100, 100, 0],
    [200, 1, 100, 0], // 20 / (1 + 0.1 * 199^1.1) is below 1
    [100, 100, -1, 2_000],
    [100, 100, 0, 2_000],
    [100, 100, null, 2_000],
  ])('at level %d a recipe of level %d with ratio %p gives %d', (job, recipe, pct, expected) => {
    expect(craftXp(job, recipe, pct)).toBe(expected);
  });

  it('is a whole number that never grows with the distance', () => {
    fc.assert(
      fc.property(level, level, ratio, (job, recipe, pct) => {
        const xp = craftXp(job, recipe, pct);
        expect(Number.isInteger(xp) && xp >= 0).toBe(true);
        if (job >= recipe) expect(craftXp(job + 1, recipe, pct)).toBeLessThanOrEqual(xp);
      }),
    );
  });
});

describe('levels', () => {
  it('add up', () => {
    fc.assert(fc.property(level, (at) => xpAtLevel(at) + xpOfLevel(at) === xpAtLevel(at + 1)));
    expect([xpAtLevel(0), xpAtLevel(1), xpAtLevel(2), xpAtLevel(200)]).toEqual([0, 0, 20, 398_000]);
  });
});

describe('xpRatioOf', () => {
  it.each([
    [[null, null], 100],
    [[null, 300], 300],
    [[30, 300], 30],
    [[-1, 300], 300],
    [[0, -1], 100],
  ])('%j is %d', (ratios, expected) => {
    expect(xpRatioOf(...ratios)).toBe(expected);
  });
});
