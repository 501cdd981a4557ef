import { cumulativeM } from '../geo/columns.js';
import { planeAround } from '../geo/geodesy.js';
import { resampleEvenly } from '../geo/resample.js';
import { type GhostCurve, ROUTE_STEP_M } from '../ghosts/ghost-curve.js';
import type { WayShape } from '../routes/route-shape.js';
import { positionsOf } from '../routes/way-figures.js';
import { elapsedSAt, type Course, type PacingPlan } from './pacing-plan.js';

// A route as a course to plan on, and a plan as a ghost to race on it.

export function courseOf(shape: WayShape): Course {
  return {
    distanceM: positionsOf(shape),
    altitudeM: shape.altitudeM === null ? null : Float64Array.from(shape.altitudeM),
  };
}

/** Level ground of a length, where there is no route. */
export function levelCourse(distanceM: number): Course {
  return { distanceM: Float64Array.of(0, distanceM), altitudeM: null };
}

/**
 * The plan as somebody to race against: on the route that it was made for, or by the distance alone.
 * @param shape the plan's course; null = none, the ghost is compared by distance covered
 */
export function ghostOfPlan(plan: PacingPlan, shape: WayShape | null): GhostCurve {
  const common = { stops: [], startOffsetMs: 0 };
  const { curve } = plan;
  if (shape === null)
    return {
      ...common,
      basis: 'distance',
      route: null,
      distanceM: curve.distanceM,
      movingMs: curve.elapsedMs,
    };
  const [latDeg, lonDeg] = [shape.latDeg[0]!, shape.lonDeg[0]!];
  const plane = planeAround(latDeg, lonDeg);
  const [x, y] = [
    Float64Array.from(shape.lonDeg, (lon) => plane.x(lon)),
    Float64Array.from(shape.latDeg, (lat) => plane.y(lat)),
  ];
  const {
    stepM,
    columns: [xM, yM],
  } = resampleEvenly(cumulativeM(x, y), [x, y], ROUTE_STEP_M);
  const count = xM!.length;
  // The line on the map and the plan's course are one way, measured twice: the plan's length is laid over the line's.
  const stretch = plan.distanceM / (stepM * (count - 1));
  return {
    ...common,
    basis: 'route',
    route: { latDeg, lonDeg, stepM, xM: xM!, yM: yM! },
    distanceM: Float64Array.from({ length: count }, (_, index) => index * stepM),
    movingMs: Float64Array.from(
      { length: count },
      (_, index) => 1_000 * elapsedSAt(curve, index * stepM * stretch),
    ),
  };
}
