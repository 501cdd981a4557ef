import { climbOf, climbProfile } from '../analysis/elevation-gain.js';
import type { GradeModel } from '../analysis/grade-cost.js';
import { gradedDistance } from '../analysis/graded-distance.js';
import { positionOf, type WayShape } from './route-shape.js';

// What a way asks of whoever runs it. Altitudes of a shape are means over fifty metres already, so a rise of three metres is one.

const CLIMB_THRESHOLD_M = 3;

export interface WayFigures {
  readonly distanceM: number;
  /** Null where the way has no altitudes. */
  readonly climbM: number | null;
  readonly descentM: number | null;
  /** Metres of level ground that the way is worth by the cost of its slopes, from start to end and from end to start. */
  readonly forwardLevelM: number;
  readonly backwardLevelM: number;
}

export function figuresOf(shape: WayShape, model?: GradeModel): WayFigures {
  const { altitudeM, distanceM } = shape;
  if (altitudeM === null)
    return { distanceM, climbM: null, descentM: null, forwardLevelM: distanceM, backwardLevelM: distanceM };
  const { gainM, lossM } = climbOf(Float64Array.from(altitudeM), CLIMB_THRESHOLD_M);
  const atM = positionsOf(shape);
  const back = atM.map((_, index) => distanceM - atM[atM.length - 1 - index]!);
  return {
    distanceM,
    climbM: gainM,
    descentM: lossM,
    forwardLevelM: gradedDistance(atM, Float64Array.from(altitudeM), model).at(-1)!,
    backwardLevelM: gradedDistance(back, Float64Array.from(altitudeM).reverse(), model).at(-1)!,
  };
}

/** Metres of way at each place. */
export function positionsOf(shape: WayShape): Float64Array {
  return Float64Array.from(shape.latDeg, (_, index) => positionOf(shape, index));
}

/** Metres climbed until each place of the way; null where it has no altitudes. */
export function climbsUntil({ altitudeM }: WayShape): Float64Array | null {
  return altitudeM === null ? null : climbProfile(Float64Array.from(altitudeM), CLIMB_THRESHOLD_M).gainM;
}
