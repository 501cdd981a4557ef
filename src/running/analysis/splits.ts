// A run in equal pieces. A mark lies where the distance is first reached, between points by even pace; a stop at a mark belongs to the
// piece after it. The last piece is as long as it is. What a device calls laps is another matter.
import { arrivalAt, growthBetween, type Position, valueAt } from './along-track.js';
import type { RunCurves } from './run-curves.js';
import { PLAUSIBLE_CADENCE_SPM, PLAUSIBLE_HEART_RATE_BPM } from './track-summary.js';
import { meanOverTime } from './weighted-mean.js';

export const SPLIT_UNITS = ['km', 'mi'] as const;
export type SplitUnit = (typeof SPLIT_UNITS)[number];
export const SPLIT_M: Readonly<Record<SplitUnit, number>> = { km: 1000, mi: 1609.344 };
/** A rest of less than this is rounding. */
const SHORTEST_M = 1;

export interface Split {
  /** 1 for the first. */
  readonly number: number;
  /** Length; that of the unit but for the last one. */
  readonly distanceM: number;
  /** From mark to mark by the clock on the wall. */
  readonly elapsedTimeS: number;
  readonly movingTimeS: number;
  /** Moving seconds per kilometre; null where no time was moved (all of it behind a hole in the track). */
  readonly paceSPerKm: number | null;
  /** The pace that would have been as hard on level ground, by equal heart rate; null without altitudes. */
  readonly gradeAdjustedPaceSPerKm: number | null;
  /** Shares of the run's gain and loss: they add up to those of the run. */
  readonly elevationGainM: number | null;
  readonly elevationLossM: number | null;
  readonly averageHeartRateBpm: number | null;
  readonly averageCadenceSpm: number | null;
}

/** Empty where the track tells no distance. @param splitM length of a piece, above 0 */
export function splitsOf(curves: RunCurves, splitM: number): Split[] {
  const { distanceM, totalM } = curves.distance;
  const splits: Split[] = [];
  let from: Position = { index: 0, share: 0 };
  for (let fromM = 0; totalM - fromM >= SHORTEST_M; fromM += splitM) {
    const toM = Math.min(totalM, fromM + splitM);
    const to = arrivalAt(distanceM, toM);
    splits.push(splitBetween(curves, splits.length + 1, toM - fromM, from, to));
    from = to;
  }
  return splits;
}

function splitBetween(
  { track, distance, movingMs, gainM, lossM, gradedM, altitudeM }: RunCurves,
  number: number,
  distanceM: number,
  from: Position,
  to: Position,
): Split {
  const movingTimeS = growthBetween(movingMs, from, to) / 1000;
  const graded = altitudeM === null ? null : growthBetween(gradedM, from, to);
  const mean = (values: Float64Array | null, bounds: { above: number; upTo: number }): number | null =>
    meanOverTime(values, distance.activeMs, bounds, from.index + 1, to.index + 1)?.mean ?? null;
  return {
    number,
    distanceM,
    elapsedTimeS: (valueAt(distance.tMs, to) - valueAt(distance.tMs, from)) / 1000,
    movingTimeS,
    paceSPerKm: movingTimeS > 0 ? (movingTimeS * 1000) / distanceM : null,
    gradeAdjustedPaceSPerKm:
      graded !== null && graded > 0 && movingTimeS > 0 ? (movingTimeS * 1000) / graded : null,
    elevationGainM: gainM === null ? null : growthBetween(gainM, from, to),
    elevationLossM: lossM === null ? null : growthBetween(lossM, from, to),
    averageHeartRateBpm: mean(track.heartRateBpm, PLAUSIBLE_HEART_RATE_BPM),
    averageCadenceSpm: mean(track.cadenceSpm, PLAUSIBLE_CADENCE_SPM),
  };
}
