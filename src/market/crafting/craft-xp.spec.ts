import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_JOB_LEVEL, xpOfLevel, xpPerCraft, xpToNextLevel } from './craft-xp.js';

const level = fc.integer({ min: 1, max: MAX_JOB_LEVEL });

describe('experience of a craft', () => {
  it('is 20 per level of the recipe at its own level, less the further behind it is, none below it', () => {
    expect(xpPerCraft(1, 1, null)).toBe(20);
    expect(xpPerCraft(100, 100, 100)).toBe(2_000);
    expect(xpPerCraft(110, 100, 100)).toBe(Math.floor(2_000 / (1 + 0.1 * 10 ** 1.1)));
    expect(xpPerCraft(99, 100, 100)).toBe(0);
  });

  it('rounds where the original does: a whole number is not missed by one', () => {
    expect(xpPerCraft(34, 33, 100)).toBe(600);
    expect(xpPerCraft(56, 55, 100)).toBe(1_000);
    expect(xpPerCraft(67, 66, 100)).toBe(1_200);
  });

  it('follows the ratio of the item; one that is none counts as the standard', () => {
    expect(xpPerCraft(50, 50, 300)).toBe(3_000);
    expect(xpPerCraft(50, 50, 30)).toBe(300);
    expect(xpPerCraft(50, 50, -1)).toBe(1_000);
    expect(xpPerCraft(50, 50, 0)).toBe(1_000);
  });

  it('never grows with the level of the job', () => {
    fc.assert(
      fc.property(level, level, fc.integer({ min: 1, max: 300 }), (job, recipe, ratio) => {
        if (job < MAX_JOB_LEVEL && job >= recipe)
          expect(xpPerCraft(job + 1, recipe, ratio)).toBeLessThanOrEqual(xpPerCraft(job, recipe, ratio));
      }),
    );
  });
});

it('levels add up', () => {
  let total = 0;
  for (let at = 1; at < MAX_JOB_LEVEL; at += 1) {
    expect(xpOfLevel(at)).toBe(total);
    total += xpToNextLevel(at);
  }
});
