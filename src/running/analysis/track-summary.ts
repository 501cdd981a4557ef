// What a run's list entry says, from its track alone. Calories are not among it: every formula needs the runner's weight, which nobody
// here knows; a device's own figure is kept by whoever reads the file.
import { finished } from '../geo/portions.js';
import type { Pause, Track } from '../geo/track.js';
import { orderedPauses } from './active-clock.js';
import { type DistanceCurve, distanceCurveInPortions } from './distance-curve.js';
import { elevationGainOf, smoothAltitudes, wholeAltitudes } from './elevation-gain.js';
import { movingTimeMs } from './moving-time.js';
import { meanOverTime } from './weighted-mean.js';

/** Straps that lost contact tell 0 or 255. */
export const PLAUSIBLE_HEART_RATE_BPM = { above: 25, upTo: 240 } as const;
/** 0 is standing; faster feet are a sensor's fault. */
export const PLAUSIBLE_CADENCE_SPM = { above: 30, upTo: 300 } as const;

/** Numbers are not rounded. Null = the track does not tell. */
export interface RunSummary {
  /** Whose distance it is; `none` = there is none, and `distanceM` is 0. */
  readonly distanceBasis: DistanceCurve['basis'];
  readonly distanceM: number;
  /** Never more than `elapsedTimeS`. */
  readonly movingTimeS: number;
  /** From the start to the last point, or to the end of a pause that ends the run. */
  readonly elapsedTimeS: number;
  readonly elevationGainM: number | null;
  /** Not negative. */
  readonly elevationLossM: number | null;
  /** Of altitudes smoothed over 15 s. */
  readonly maxElevationM: number | null;
  readonly minElevationM: number | null;
  /** Over time outside of pauses. */
  readonly averageHeartRateBpm: number | null;
  readonly maxHeartRateBpm: number | null;
  /** Steps of both feet per minute, while somebody stepped. */
  readonly averageCadenceSpm: number | null;
  readonly startLatDeg: number | null;
  readonly startLonDeg: number | null;
  readonly endLatDeg: number | null;
  readonly endLonDeg: number | null;
}

/** Takes tracks of any length; an empty one has nothing but zeros and nulls. O(n). */
export function summariseTrack(track: Track, pauses: readonly Pause[]): RunSummary {
  return finished(summariseTrackInPortions(track, pauses));
}

export function* summariseTrackInPortions(
  track: Track,
  pauses: readonly Pause[],
): Generator<void, RunSummary> {
  const curve = yield* distanceCurveInPortions(track, pauses);
  const elapsedMs = Math.max(track.tMs.at(-1) ?? 0, orderedPauses(pauses).at(-1)?.toMs ?? 0);
  yield;
  const movingMs = movingTimeMs(curve);
  yield;
  const altitudes = wholeAltitudes(track.altitudeM, track.tMs);
  const smooth = altitudes === null ? null : smoothAltitudes(altitudes, track.tMs);
  yield;
  const climb = altitudes === null || smooth === null ? null : elevationGainOf(altitudes, smooth);
  yield;
  const heartRate = meanOverTime(track.heartRateBpm, curve.activeMs, PLAUSIBLE_HEART_RATE_BPM);
  yield;
  const cadence = meanOverTime(track.cadenceSpm, curve.activeMs, PLAUSIBLE_CADENCE_SPM);
  yield;
  const isPlace = (_: number, index: number): boolean =>
    !Number.isNaN(track.latDeg[index]!) && !Number.isNaN(track.lonDeg[index]!);
  const start = track.latDeg.findIndex(isPlace);
  const end = track.latDeg.findLastIndex(isPlace);
  return {
    distanceBasis: curve.basis,
    distanceM: curve.totalM,
    movingTimeS: movingMs / 1000,
    elapsedTimeS: elapsedMs / 1000,
    elevationGainM: climb?.gainM ?? null,
    elevationLossM: climb?.lossM ?? null,
    maxElevationM: extremeOf(smooth, Math.max),
    minElevationM: extremeOf(smooth, Math.min),
    averageHeartRateBpm: heartRate?.mean ?? null,
    maxHeartRateBpm: heartRate?.max ?? null,
    averageCadenceSpm: cadence?.mean ?? null,
    startLatDeg: start < 0 ? null : track.latDeg[start]!,
    startLonDeg: start < 0 ? null : track.lonDeg[start]!,
    endLatDeg: end < 0 ? null : track.latDeg[end]!,
    endLonDeg: end < 0 ? null : track.lonDeg[end]!,
  };
}

function extremeOf(values: Float64Array | null, choose: (a: number, b: number) => number): number | null {
  return values === null ? null : values.reduce((a, b) => choose(a, b));
}
