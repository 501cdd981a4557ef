// What rules of a run's analysis share: how its figures add up from point to point, worked out once.
import { finished } from '../geo/portions.js';
import type { Pause, Track } from '../geo/track.js';
import { type DistanceCurve, distanceCurveInPortions } from './distance-curve.js';
import { climbProfile, climbThresholdM, smoothAltitudes, wholeAltitudes } from './elevation-gain.js';
import { gradedDistanceInPortions } from './graded-distance.js';
import { movingSteps } from './moving-time.js';

/** Columns with an entry per point; those that add up never fall. */
export interface RunCurves {
  readonly track: Track;
  readonly distance: DistanceCurve;
  /** Milliseconds moved until here. */
  readonly movingMs: Float64Array;
  /** Smoothed; null where the track tells none. */
  readonly altitudeM: Float64Array | null;
  readonly gainM: Float64Array | null;
  readonly lossM: Float64Array | null;
  /** Level metres by equal heart rate; without altitudes those of the distance. */
  readonly gradedM: Float64Array;
}

/** O(n). */
export function runCurvesOf(track: Track, pauses: readonly Pause[]): RunCurves {
  return finished(runCurvesInPortions(track, pauses));
}

export function* runCurvesInPortions(track: Track, pauses: readonly Pause[]): Generator<void, RunCurves> {
  const distance = yield* distanceCurveInPortions(track, pauses);
  yield;
  const movingMs = movingSteps(distance);
  for (let index = 1; index < movingMs.length; index++) movingMs[index]! += movingMs[index - 1]!;
  yield;
  const whole = wholeAltitudes(track.altitudeM, track.tMs);
  if (whole === null) {
    return {
      track,
      distance,
      movingMs,
      altitudeM: null,
      gainM: null,
      lossM: null,
      gradedM: distance.distanceM,
    };
  }
  const altitudeM = smoothAltitudes(whole, track.tMs);
  yield;
  const climb = climbProfile(altitudeM, climbThresholdM(whole));
  yield;
  return {
    track,
    distance,
    movingMs,
    altitudeM,
    ...climb,
    gradedM: yield* gradedDistanceInPortions(distance.distanceM, altitudeM),
  };
}
