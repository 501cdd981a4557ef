import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readGoal } from '../ghosts/goal-splits.js';
import { goalOf } from './compat-goal.js';

const pace = fc.integer({ min: 200, max: 600 });
/** Splits by where they end. */
const splits = fc.array(fc.record({ lengthM: fc.integer({ min: 100, max: 3_000 }), target_pace: pace }), {
  minLength: 1,
  maxLength: 10,
});
const endsOf = (pieces: readonly { lengthM: number; target_pace: number }[]) => {
  let distance = 0;
  return pieces.map(({ lengthM, target_pace }) => ({ distance: (distance += lengthM), target_pace }));
};

describe('a goal in the original’s words', () => {
  it('is as long as its last split, and takes what the splits take', () => {
    fc.assert(
      fc.property(splits, (pieces) => {
        const goal = readGoal(goalOf({ custom_splits: endsOf(pieces) }) as never);
        const lengthM = pieces.reduce((sum, piece) => sum + piece.lengthM, 0);
        const durationS = pieces.reduce((sum, piece) => sum + (piece.lengthM / 1_000) * piece.target_pace, 0);
        expect(goal).toMatchObject({
          kind: 'splits',
          distanceM: expect.closeTo(lengthM, 6),
          durationS: expect.closeTo(durationS, 6),
        });
      }),
    );
  });

  it('comes out at distance and time where its splits end before it does', () => {
    fc.assert(
      fc.property(splits, fc.integer({ min: 100, max: 5_000 }), pace, (pieces, restM, restPace) => {
        const custom_splits = endsOf(pieces);
        const target_distance = custom_splits.at(-1)!.distance + restM;
        const told = pieces.reduce((sum, piece) => sum + (piece.lengthM / 1_000) * piece.target_pace, 0);
        const target_duration = told + (restM / 1_000) * restPace;
        expect(readGoal(goalOf({ custom_splits, target_distance, target_duration }) as never)).toMatchObject({
          distanceM: expect.closeTo(target_distance, 6),
          durationS: expect.closeTo(target_duration, 6),
        });
      }),
    );
  });

  it('is refused by the field that is wrong', () => {
    const split = (distance: number) => ({ distance, target_pace: 300 });
    for (const [body, field] of [
      [{}, 'target_distance'],
      [{ target_distance: 5_000 }, 'target_duration'],
      [{ custom_splits: [split(2_000), split(2_000)] }, 'custom_splits'],
      [{ custom_splits: [split(2_000)], target_distance: 1_000 }, 'custom_splits'],
      [{ custom_splits: [split(2_000)], target_distance: 3_000, target_duration: 600 }, 'target_duration'],
    ] as const)
      expect(goalOf(body as never)).toMatchObject({ field });
  });
});
