import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { levelOf, xpToNextLevel } from './experience.js';

describe('experience', () => {
  it.each([
    [0, 1],
    [299, 1],
    [300, 2],
    [6_499, 4],
    [6_500, 5],
    [354_999, 19],
    [355_000, 20],
    [900_000_000, 20],
  ])('of %i points is level %i by the fifth edition, and by no table otherwise', (xp, level) => {
    expect(levelOf('dnd5e', xp)).toBe(level);
    expect(levelOf('generic', xp)).toBeNull();
    expect(xpToNextLevel('generic', xp)).toBeNull();
  });

  it('reaches the next level with the points that are missing, and not with one less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), (xp) => {
        const missing = xpToNextLevel('dnd5e', xp);
        const level = levelOf('dnd5e', xp)!;
        if (missing === null) {
          expect(level).toBe(20);
          return;
        }
        expect(levelOf('dnd5e', xp + missing)).toBe(level + 1);
        expect(levelOf('dnd5e', xp + missing - 1)).toBe(level);
      }),
    );
  });
});
