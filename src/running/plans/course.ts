import type { WayShape } from '../routes/route-shape.js';
import { positionsOf } from '../routes/way-figures.js';
import type { Course } from './pacing-plan.js';

/** A route as a course to plan on. */
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
