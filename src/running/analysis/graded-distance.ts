// Level metres that somebody's way was worth: each step times the cost of its slope. The slope is read over fifty metres of smoothed
// altitudes, since over single steps a receiver's noise would be mountains. Grade-adjusted pace is time over this distance.
import { finished, PORTION_POINTS } from '../geo/portions.js';
import { costOfGrade, DEFAULT_GRADE_MODEL, type GradeModel } from './grade-cost.js';

const SLOPE_OVER_M = 50;
/** Over less than this a slope says nothing; the ground counts as level. */
const LEAST_WAY_M = 10;

/**
 * Adds up like the distance does.
 * @param distanceM never falling @param altitudeM smoothed, without holes; one per point
 */
export function gradedDistance(
  distanceM: Float64Array,
  altitudeM: Float64Array,
  model: GradeModel = DEFAULT_GRADE_MODEL,
): Float64Array {
  return finished(gradedDistanceInPortions(distanceM, altitudeM, model));
}

export function* gradedDistanceInPortions(
  distanceM: Float64Array,
  altitudeM: Float64Array,
  model: GradeModel = DEFAULT_GRADE_MODEL,
): Generator<void, Float64Array> {
  const graded = new Float64Array(distanceM.length);
  const behind = altitudeWalker(distanceM, altitudeM);
  const ahead = altitudeWalker(distanceM, altitudeM);
  const endM = distanceM.at(-1) ?? 0;
  for (let index = 1; index < distanceM.length; index++) {
    if (index % PORTION_POINTS === 0) yield;
    const stepM = distanceM[index]! - distanceM[index - 1]!;
    const middleM = distanceM[index - 1]! + stepM / 2;
    const half = Math.max(SLOPE_OVER_M, stepM) / 2;
    const fromM = Math.max(0, middleM - half);
    const toM = Math.min(endM, middleM + half);
    const rise = ahead(toM) - behind(fromM);
    const grade = toM - fromM >= LEAST_WAY_M ? rise / (toM - fromM) : 0;
    graded[index] = graded[index - 1]! + stepM * costOfGrade(grade, model);
  }
  return graded;
}

/** Reads altitudes at distances that only grow. */
function altitudeWalker(distanceM: Float64Array, altitudeM: Float64Array): (atM: number) => number {
  let index = 0;
  return (atM) => {
    while (index < distanceM.length - 1 && distanceM[index + 1]! <= atM) index += 1;
    if (index === distanceM.length - 1) return altitudeM[index]!;
    const share = Math.max(0, (atM - distanceM[index]!) / (distanceM[index + 1]! - distanceM[index]!));
    return altitudeM[index]! + share * (altitudeM[index + 1]! - altitudeM[index]!);
  };
}
