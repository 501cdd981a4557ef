import { climbOf } from '../analysis/elevation-gain.js';
import { costOfGrade } from '../analysis/grade-cost.js';
import { interpolate } from '../geo/columns.js';

// How to run a course in a wanted time at equal effort: slower up, faster down, by what slopes cost (specs/running.md 5). The course is cut
// into pieces of a hundred metres; one base pace p0 on level ground makes all of them together last as long as was wanted:
// sum(length * p0 * cost(grade) * drift) = target. Downhill gives no more than a clamp allows, since nobody can run what a steep slope
// would save. `drift` shifts effort from the first half to the second (a negative split) without changing the sum.

/** A course: metres from its start, ascending from 0, and the altitude at each; null where there are none. */
export interface Course {
  readonly distanceM: Float64Array;
  readonly altitudeM: Float64Array | null;
}

export interface PacingWish {
  readonly targetTimeS: number;
  /** How much faster the second half is run than the first at the same slopes, in percent; negative = slower. */
  readonly negativeSplitPct: number;
  /** Length of the splits that are told. */
  readonly splitDistanceM: number;
  /** Metres of level ground that a metre at a grade (rise over run) is worth. */
  readonly costOfGrade?: (grade: number) => number;
}

export interface PlannedSplit {
  /** From 1. */
  readonly number: number;
  /** The last one may be shorter. */
  readonly distanceM: number;
  readonly timeS: number;
  /** Since the start, at its end. */
  readonly elapsedTimeS: number;
  readonly paceSPerKm: number;
  /** Null where the course has no altitudes. */
  readonly climbM: number | null;
  readonly descentM: number | null;
}

export interface PacingPlan {
  readonly distanceM: number;
  readonly targetTimeS: number;
  /** The pace of the plan on level ground in its middle. */
  readonly basePaceSPerKm: number;
  readonly splits: readonly PlannedSplit[];
  /** When the runner is where: metres from the start, ascending from 0 to the end, and milliseconds, ascending from 0 to the target. */
  readonly curve: { readonly distanceM: Float64Array; readonly elapsedMs: Float64Array };
}

export const PIECE_M = 100;
/** Metres of climb below which a rise is the wiggle of whoever measured it. */
const CLIMB_THRESHOLD_M = 3;
/** Nobody is told to run more than this faster downhill than on level ground. */
export const LEAST_COST = 0.9;

/** @throws RangeError for a course of no length, or a time that is not above 0 */
export function planPacing(course: Course, wish: PacingWish): PacingPlan {
  const { targetTimeS, negativeSplitPct } = wish;
  const totalM = course.distanceM[course.distanceM.length - 1] ?? 0;
  if (!(totalM > 0 && targetTimeS > 0)) throw new RangeError('A plan needs a course and a time');
  const distanceM = boundsOf(totalM);
  const cost = wish.costOfGrade ?? costOfGrade;
  const efforts = new Float64Array(distanceM.length);
  for (let at = 1; at < distanceM.length; at += 1) {
    const [fromM, toM] = [distanceM[at - 1]!, distanceM[at]!];
    const grade = gradeBetween(course, fromM, toM);
    const drift = driftAt((fromM + toM) / 2 / totalM, negativeSplitPct / 100);
    efforts[at] = efforts[at - 1]! + (toM - fromM) * Math.max(LEAST_COST, cost(grade)) * drift;
  }
  const perEffortS = targetTimeS / efforts.at(-1)!;
  const elapsedMs = efforts.map((effort) => effort * perEffortS * 1_000);
  elapsedMs[elapsedMs.length - 1] = targetTimeS * 1_000;
  return {
    distanceM: totalM,
    targetTimeS,
    basePaceSPerKm: perEffortS * 1_000,
    splits: splitsOf(course, { distanceM, elapsedMs }, wish.splitDistanceM),
    curve: { distanceM, elapsedMs },
  };
}

/** Falls evenly from the start to the end, so that the halves differ by `ratio` and the mean is 1. */
function driftAt(share: number, ratio: number): number {
  return 1 + ratio * (1 - 2 * share);
}

/** Equal pieces of about {@link PIECE_M}, so that none is so short that a wiggle of the altitude becomes a wall. */
function boundsOf(totalM: number): Float64Array {
  const pieces = Math.max(1, Math.round(totalM / PIECE_M));
  return Float64Array.from({ length: pieces + 1 }, (_, at) =>
    at === pieces ? totalM : (at * totalM) / pieces,
  );
}

function gradeBetween(course: Course, fromM: number, toM: number): number {
  if (course.altitudeM === null) return 0;
  const { distanceM, altitudeM } = course;
  return (interpolate(distanceM, altitudeM, toM) - interpolate(distanceM, altitudeM, fromM)) / (toM - fromM);
}

type Curve = PacingPlan['curve'];

function splitsOf(course: Course, curve: Curve, splitM: number): PlannedSplit[] {
  const totalM = curve.distanceM.at(-1)!;
  // A rest of a metre is the course's own inexactness.
  const count = Math.max(1, Math.ceil(totalM / splitM - 1 / splitM));
  return Array.from({ length: count }, (_, index) => {
    const [fromM, toM] = [index * splitM, index === count - 1 ? totalM : (index + 1) * splitM];
    const elapsedTimeS = elapsedSAt(curve, toM);
    const timeS = elapsedTimeS - elapsedSAt(curve, fromM);
    const climb = climbBetween(course, fromM, toM);
    return {
      number: index + 1,
      distanceM: toM - fromM,
      timeS,
      elapsedTimeS,
      paceSPerKm: (timeS / (toM - fromM)) * 1_000,
      climbM: climb?.gainM ?? null,
      descentM: climb?.lossM ?? null,
    };
  });
}

/** Seconds since the start at which the plan is at so many metres. */
export function elapsedSAt({ distanceM, elapsedMs }: Curve, atM: number): number {
  return interpolate(distanceM, elapsedMs, atM) / 1_000;
}

function climbBetween(
  { distanceM, altitudeM }: Course,
  fromM: number,
  toM: number,
): ReturnType<typeof climbOf> | null {
  if (altitudeM === null) return null;
  const within: number[] = [interpolate(distanceM, altitudeM, fromM)];
  for (let at = 0; at < distanceM.length; at += 1)
    if (distanceM[at]! > fromM && distanceM[at]! < toM) within.push(altitudeM[at]!);
  within.push(interpolate(distanceM, altitudeM, toM));
  return climbOf(Float64Array.from(within), CLIMB_THRESHOLD_M);
}
