import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { recorded } from '../../../test/support/made-ways.js';
import { costOfGrade } from '../analysis/grade-cost.js';
import { elapsedTimeOf, ghostCurveOf, lengthOf } from '../ghosts/ghost-curve.js';
import { splitsOnCourse } from '../ghosts/goal-curve.js';
import { pathOf } from '../routes/run-path.js';
import { courseOf, levelCourse } from './course.js';
import { type Course, elapsedSAt, LEAST_COST, type PacingPlan, planPacing } from './pacing-plan.js';
import { goalOf } from './plan-goal.js';

const WISH = { targetTimeS: 3_000, negativeSplitPct: 0, splitDistanceM: 1_000 };

/** Hills of random heights every 50 to 400 m. */
const courses = fc
  .array(fc.tuple(fc.integer({ min: 50, max: 400 }), fc.integer({ min: -40, max: 40 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((legs): Course => {
    let [atM, altitude] = [0, 300];
    const points = [[0, 300], ...legs.map(([legM, rise]) => [(atM += legM), (altitude += rise)])];
    return {
      distanceM: Float64Array.from(points, ([at]) => at!),
      altitudeM: Float64Array.from(points, ([, height]) => height!),
    };
  });
const wishes = fc.record({
  targetTimeS: fc.integer({ min: 60, max: 30_000 }),
  negativeSplitPct: fc.double({ min: -5, max: 5, noNaN: true }),
  splitDistanceM: fc.constantFrom(400, 1_000, 1_609.344, 5_000),
});

describe('a pacing plan', () => {
  it('takes as long as was wanted, and its splits add up to it', () => {
    fc.assert(
      fc.property(courses, wishes, (course, wish) => {
        const plan = planPacing(course, wish);
        const { splits, distanceM, curve } = plan;
        expect(elapsedSAt(curve, distanceM)).toBe(wish.targetTimeS);
        expect(splits.at(-1)!.elapsedTimeS).toBe(wish.targetTimeS);
        expect(sum(splits.map(({ timeS }) => timeS))).toBeCloseTo(wish.targetTimeS, 6);
        expect(sum(splits.map((split) => split.distanceM))).toBeCloseTo(distanceM, 6);
        for (const split of splits.slice(0, -1)) expect(split.distanceM).toBe(wish.splitDistanceM);
        for (const [at, ms] of curve.elapsedMs.entries())
          if (at > 0) expect(ms).toBeGreaterThan(curve.elapsedMs[at - 1]!);
      }),
    );
  });

  it('asks the same effort of every piece: its pace is the base pace times what its slope costs, never below the clamp', () => {
    fc.assert(
      fc.property(courses, (course) => {
        const { curve, basePaceSPerKm } = planPacing(course, WISH);
        for (let at = 1; at < curve.distanceM.length; at += 1) {
          const [fromM, toM] = [curve.distanceM[at - 1]!, curve.distanceM[at]!];
          const pace = ((curve.elapsedMs[at]! - curve.elapsedMs[at - 1]!) / (toM - fromM)) * 1;
          const grade = (altitudeAt(course, toM) - altitudeAt(course, fromM)) / (toM - fromM);
          const expected = basePaceSPerKm * Math.max(LEAST_COST, costOfGrade(grade));
          expect(pace).toBeCloseTo(expected, 6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is an even pace on level ground, as `negativeSplitPct` bends it', () => {
    const even = planPacing(levelCourse(10_000), WISH);
    expect(even.splits).toHaveLength(10);
    for (const { paceSPerKm, climbM } of even.splits) {
      expect(paceSPerKm).toBeCloseTo(300, 9);
      expect(climbM).toBeNull();
    }
    for (const pct of [2, -2]) {
      const bent = planPacing(levelCourse(10_000), { ...WISH, negativeSplitPct: pct });
      const [first, second] = [half(bent, 0), half(bent, 1)];
      expect(second / first).toBeCloseTo(1 - pct / 100, 3);
      expect(first + second).toBeCloseTo(3_000, 9);
    }
  });

  it('goes slower up and faster down, and tells the climb of each split', () => {
    const hill: Course = {
      distanceM: Float64Array.of(0, 1_000, 2_000, 3_000),
      altitudeM: Float64Array.of(400, 400, 460, 400),
    };
    const [level, up, down] = planPacing(hill, { ...WISH, targetTimeS: 900 }).splits;
    expect(up!.paceSPerKm / level!.paceSPerKm).toBeCloseTo(costOfGrade(0.06), 2);
    expect(down!.paceSPerKm / level!.paceSPerKm).toBeCloseTo(LEAST_COST, 2);
    expect([up!.climbM, up!.descentM, down!.climbM, down!.descentM]).toEqual([60, 0, 0, 60]);
  });

  it('keeps a rest as a split of its own, but not a metre of it', () => {
    const lengths = (totalM: number): number[] =>
      planPacing(levelCourse(totalM), WISH).splits.map((split) => split.distanceM);
    expect(lengths(2_200)).toEqual([1_000, 1_000, 200]);
    expect(lengths(2_000.5)).toEqual([1_000, 1_000.5]);
    expect(lengths(300)).toEqual([300]);
  });

  it('is none without a course or a time', () => {
    expect(() => planPacing(levelCourse(0), WISH)).toThrow(RangeError);
    expect(() => planPacing(levelCourse(1_000), { ...WISH, targetTimeS: 0 })).toThrow(RangeError);
  });
});

describe('the goal of a plan', () => {
  it('is as long and lasts as long as the plan, in no more splits than there may be', () => {
    fc.assert(
      fc.property(courses, wishes, fc.integer({ min: 1, max: 60 }), (course, wish, most) => {
        const plan = planPacing(course, wish);
        const goal = goalOf(plan, most);
        expect(goal.length).toBeLessThanOrEqual(most);
        expect(sum(goal.map((split) => split.distanceM))).toBeCloseTo(plan.distanceM, 6);
        const timeS = sum(goal.map((split) => (split.distanceM * split.paceSPerKm) / 1_000));
        expect(timeS).toBeCloseTo(wish.targetTimeS, 6);
      }),
    );
  });

  it('over the way of a run is where the plan says, on its line', () => {
    const hill = (atM: number): number => 500 + 20 * Math.sin(atM / 300);
    const track = recorded([[0, 0], [1_500, 0], [1_500, 1_200]], { altitudeM: hill, noiseM: 3, stops: [[700, 40]] }); // prettier-ignore
    const plan = planPacing(courseOf(pathOf(track)!.shape), WISH);
    const course = ghostCurveOf(track, [])!;
    const ghost = splitsOnCourse(course, goalOf(plan, 200));
    expect(ghost).toMatchObject({ basis: 'route', route: course.route, stops: [], startOffsetMs: 0 });
    expect(elapsedTimeOf(ghost)).toBeCloseTo(3_000_000, 3);
    expect(Math.abs(lengthOf(ghost) / plan.distanceM - 1)).toBeLessThan(0.01);
    for (const share of [0.1, 0.5, 0.9]) {
      const at = Math.round(share * (ghost.distanceM.length - 1));
      const planM = (ghost.distanceM[at]! / lengthOf(ghost)) * plan.distanceM;
      expect(ghost.movingMs[at]).toBeCloseTo(1_000 * elapsedSAt(plan.curve, planM), 3);
    }
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function half({ curve, distanceM }: PacingPlan, which: 0 | 1): number {
  const middleS = elapsedSAt(curve, distanceM / 2);
  return which === 0 ? middleS : elapsedSAt(curve, distanceM) - middleS;
}

/** On the line between two points, written down once more. */
function altitudeAt({ distanceM, altitudeM }: Course, atM: number): number {
  const after = Math.max(
    1,
    distanceM.findIndex((each) => each >= atM - 1e-9),
  );
  const [fromM, toM] = [distanceM[after - 1]!, distanceM[after]!];
  const share = (atM - fromM) / (toM - fromM);
  return altitudeM![after - 1]! * (1 - share) + altitudeM![after]! * share;
}
