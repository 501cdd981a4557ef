import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FASTEST_S_PER_KM, LEAST_GOAL_M, MOST_GOAL_M, SLOWEST_S_PER_KM } from './ghost-kinds.js';
import { type Goal, type GoalFault, type GoalWish, readGoal } from './goal-splits.js';

const lengths = fc.double({ min: LEAST_GOAL_M, max: MOST_GOAL_M, noNaN: true });
const paces = fc.double({ min: FASTEST_S_PER_KM, max: SLOWEST_S_PER_KM, noNaN: true });
const split = fc.record({ distanceM: fc.double({ min: 1, max: 5_000, noNaN: true }), paceSPerKm: paces });
const splits = fc.array(split, { minLength: 1, maxLength: 20 });
const kindOf = (goal: Goal | GoalFault): string => ('kind' in goal ? goal.kind : `fault:${goal.field}`);

describe('a goal', () => {
  it('of a distance and a time is that of the distance and the pace which this makes', () => {
    fc.assert(
      fc.property(lengths, paces, (distanceM, paceSPerKm) => {
        const byPace = readGoal({ distanceM, paceSPerKm }) as Extract<Goal, { kind: 'splits' }>;
        const byTime = readGoal({ distanceM, durationS: byPace.durationS });
        // At the very edge of what is run, the last bit of the division may fall to the other side.
        if (kindOf(byTime) !== 'splits') expect(Math.abs(paceSPerKm - 1_845)).toBeGreaterThan(1_754.9);
        else expect((byTime as typeof byPace).splits[0]!.paceSPerKm).toBeCloseTo(paceSPerKm, 6);
        expect(byPace.durationS).toBeCloseTo((distanceM / 1_000) * paceSPerKm, 6);
      }),
    );
  });

  it('of splits is as long and lasts as long as they do together', () => {
    fc.assert(
      fc.property(splits, (given) => {
        const goal = readGoal({ splits: given });
        const distanceM = given.reduce((sum, one) => sum + one.distanceM, 0);
        if (distanceM < LEAST_GOAL_M) return expect(kindOf(goal)).toBe('fault:splits');
        expect(goal).toMatchObject({ kind: 'splits', splits: given, routeId: null });
        expect(readGoal({ splits: given, routeId: 'route' })).toEqual({ ...goal, routeId: 'route' });
        expect((goal as Extract<Goal, { kind: 'splits' }>).distanceM).toBeCloseTo(distanceM, 6);
      }),
    );
  });

  it('over a course takes its time from the course where a pace is given', () => {
    const courseRunId = 'run';
    const byPace = readGoal({ courseRunId, paceSPerKm: 300 }) as Extract<Goal, { kind: 'course' }>;
    expect(byPace.durationOf(10_000)).toBe(3_000);
    const byTime = readGoal({ courseRunId, durationS: 2_400 }) as Extract<Goal, { kind: 'course' }>;
    expect(byTime.durationOf(10_000)).toBe(2_400);
  });

  it.each<[GoalWish, keyof GoalWish]>([
    [{}, 'paceSPerKm'],
    [{ distanceM: 5_000 }, 'paceSPerKm'],
    [{ distanceM: 5_000, durationS: 1_500, paceSPerKm: 300 }, 'paceSPerKm'],
    [{ durationS: 1_500 }, 'distanceM'],
    [{ distanceM: 5_000, durationS: 10 }, 'durationS'],
    [{ splits: [{ distanceM: 5_000, paceSPerKm: 300 }], distanceM: 5_000 }, 'distanceM'],
    [{ splits: [{ distanceM: 500, paceSPerKm: 300 }], courseRunId: 'run' }, 'courseRunId'],
    [{ courseRunId: 'run', paceSPerKm: 300, distanceM: 5_000 }, 'distanceM'],
    [{ routeId: 'route', paceSPerKm: 300 }, 'routeId'],
  ])('that says too little or too much is refused: %j', (wish, field) => {
    expect(readGoal(wish)).toEqual({ field, detail: expect.any(String) });
  });
});
