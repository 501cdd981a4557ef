import { interpolate } from '../geo/columns.js';
import type { GhostCurve, GhostStop, RouteShape } from './ghost-curve.js';

// Ghosts nobody ran: a pace, a list of splits, or a course whose hills are paid for at equal effort. Without a route they are compared by
// the distance covered; on a route like any other ghost.

const NO_STOPS: readonly GhostStop[] = [];

export interface GoalSplit {
  /** Length of this piece in metres, above 0. */
  readonly distanceM: number;
  readonly paceSPerKm: number;
}

/** The same pace from start to finish. @throws RangeError unless both are above 0 */
export function constantPaceCurve(distanceM: number, durationMs: number): GhostCurve {
  return splitsCurve([{ distanceM, paceSPerKm: durationMs / distanceM }]);
}

/** Piece after piece, each at its own pace. @throws RangeError for none, or one that is not above 0 */
export function splitsCurve(splits: readonly GoalSplit[]): GhostCurve {
  if (splits.length === 0) throw new RangeError('A goal needs a split');
  const distanceM = new Float64Array(splits.length + 1);
  const movingMs = new Float64Array(splits.length + 1);
  splits.forEach((split, index) => {
    if (!(split.distanceM > 0 && split.paceSPerKm > 0 && Number.isFinite(split.distanceM * split.paceSPerKm)))
      throw new RangeError('A split has a length and a pace above zero');
    distanceM[index + 1] = distanceM[index]! + split.distanceM;
    movingMs[index + 1] = movingMs[index]! + split.distanceM * split.paceSPerKm;
  });
  return { basis: 'distance', route: null, distanceM, movingMs, stops: NO_STOPS, startOffsetMs: 0 };
}

/**
 * The same over the way of a run, whatever that run's own times: the splits and the line on the ground are one way, measured twice, so the
 * splits' length is laid over the line's. @throws RangeError likewise
 */
export function splitsOnCourse(course: GhostCurve, splits: readonly GoalSplit[]): GhostCurve {
  const plan = splitsCurve(splits);
  const stretch = plan.distanceM.at(-1)! / course.distanceM.at(-1)!;
  const movingMs = course.distanceM.map((atM) => interpolate(plan.distanceM, plan.movingMs, atM * stretch));
  movingMs[movingMs.length - 1] = plan.movingMs.at(-1)!;
  return { ...course, movingMs, stops: NO_STOPS, startOffsetMs: 0 };
}

/** A course as a plan needs it. */
export interface GoalCourse {
  /** Metres from the start line, strictly ascending from 0. */
  readonly distanceM: Float64Array;
  /** Metres above sea level at each of them, smoothed. */
  readonly altitudeM: Float64Array;
  /** Where the course lies, in step with `distanceM` (a route's points); null for a profile alone. */
  readonly route: RouteShape | null;
}

/** Steeper than the formulas of costs hold for is taken as this (Minetti 2002). */
const STEEPEST = 0.45;

/**
 * Equal effort over a course: each piece takes as long as its grade costs, and all together `durationMs`.
 * @param costOfGrade how much a metre at a grade (rise over run) costs, on any scale, above 0: analysis has Minetti's and a heart-rate-like one
 * @throws RangeError for fewer than two points, or a cost that is not above 0
 */
export function hillAwareCurve(
  course: GoalCourse,
  durationMs: number,
  costOfGrade: (grade: number) => number,
): GhostCurve {
  const { distanceM, altitudeM, route } = course;
  if (distanceM.length < 2 || !(durationMs > 0)) throw new RangeError('A goal needs a course and a time');
  const costs = new Float64Array(distanceM.length);
  for (let index = 1; index < distanceM.length; index += 1) {
    const lengthM = distanceM[index]! - distanceM[index - 1]!;
    const climbM = altitudeM[index]! - altitudeM[index - 1]!;
    const grade = Number.isFinite(climbM) ? climbM / lengthM : 0;
    const cost = costOfGrade(Math.min(STEEPEST, Math.max(-STEEPEST, grade)));
    if (!(cost > 0 && lengthM > 0)) throw new RangeError('Costs and lengths are above zero');
    costs[index] = costs[index - 1]! + lengthM * cost;
  }
  const perCost = durationMs / costs.at(-1)!;
  return {
    basis: route === null ? 'distance' : 'route',
    route,
    distanceM,
    movingMs: costs.map((cost) => cost * perCost),
    stops: NO_STOPS,
    startOffsetMs: 0,
  };
}
