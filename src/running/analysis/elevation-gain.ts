// How much somebody climbed. Adding up every rise counts the wiggles of the sensor: 417 m on a phone for what are 300 m. So altitudes are
// smoothed over fifteen seconds and a climb counts from its low to its high only when that is more than the sensor's noise: two metres
// for a barometer, five for altitudes of a satellite receiver (support.strava.com 216917087 describes the same two steps).
import { fillBetween } from './distance-curve.js';

const SMOOTHING_MS = 15_000;
export const BAROMETER_THRESHOLD_M = 2;
export const SATELLITE_THRESHOLD_M = 5;
/** Below this a climb is a wiggle of any sensor; how much of all rises are wiggles tells the sensors apart. */
const WIGGLE_M = 3;
const NOISY_FROM = 1.15;

export interface Climb {
  readonly gainM: number;
  /** Not negative. */
  readonly lossM: number;
}

/** Altitudes with holes filled evenly by the clock; null where none is told. */
export function wholeAltitudes(altitudeM: Float64Array | null, tMs: Float64Array): Float64Array | null {
  if (altitudeM === null || altitudeM.every(Number.isNaN)) return null;
  const whole = Float64Array.from(altitudeM);
  fillBetween(whole, tMs);
  return whole;
}

/**
 * Each altitude the mean of those within 7.5 s of it.
 * @param whole altitudes without holes @param tMs ascending
 */
export function smoothAltitudes(whole: Float64Array, tMs: Float64Array): Float64Array {
  const smooth = new Float64Array(whole.length);
  let from = 0;
  let to = 0;
  let sum = 0;
  for (let index = 0; index < whole.length; index++) {
    const at = tMs[index]!;
    while (to < whole.length && tMs[to]! <= at + SMOOTHING_MS / 2) sum += whole[to++]!;
    while (tMs[from]! < at - SMOOTHING_MS / 2) sum -= whole[from++]!;
    smooth[index] = sum / (to - from);
  }
  return smooth;
}

/**
 * Rises and falls between turning points, each turning point confirmed by a way back of the threshold. What never gets that far counts
 * as level ground; the last rise or fall needs no way back.
 * @param altitudeM without holes
 */
export function climbOf(altitudeM: Float64Array, thresholdM: number): Climb {
  let gainM = 0;
  let lossM = 0;
  const count = (rise: number): void => {
    if (rise > 0) gainM += rise;
    else lossM -= rise;
  };
  let low = altitudeM[0] ?? 0;
  let high = low;
  let direction = 0;
  /** The last turning point, and the farthest from it since. */
  let turn = low;
  let farthest = low;
  for (const altitude of altitudeM) {
    if (direction === 0) {
      low = Math.min(low, altitude);
      high = Math.max(high, altitude);
      if (high - low < thresholdM) continue;
      direction = altitude === high ? 1 : -1;
      turn = direction > 0 ? low : high;
      farthest = altitude;
    } else if ((altitude - farthest) * direction > 0) {
      farthest = altitude;
    } else if ((farthest - altitude) * direction >= thresholdM) {
      count(farthest - turn);
      turn = farthest;
      farthest = altitude;
      direction = -direction;
    }
  }
  count(farthest - turn);
  return { gainM, lossM };
}

/**
 * The threshold that fits the sensor, judged by its unsmoothed altitudes: a barometer's rises are nearly all true (538 m, of which 517 in climbs of
 * three metres and more), a phone's are not (417 m, of which 300).
 */
export function climbThresholdM(altitudeM: Float64Array): number {
  const all = climbOf(altitudeM, 0).gainM;
  const steady = climbOf(altitudeM, WIGGLE_M).gainM;
  return all > NOISY_FROM * steady ? SATELLITE_THRESHOLD_M : BAROMETER_THRESHOLD_M;
}

/** The rule as a whole: smooth, choose the threshold, count. @param whole altitudes without holes */
export function elevationGainOf(whole: Float64Array, tMs: Float64Array): Climb {
  return climbOf(smoothAltitudes(whole, tMs), climbThresholdM(whole));
}
