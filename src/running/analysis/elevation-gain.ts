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
 * Indexes of the ends of climbs and descents: each is confirmed by a way back of the threshold, the last one needs none. What never gets
 * that far from its start is level ground: no ends.
 * @param altitudeM without holes
 */
export function turningPoints(altitudeM: Float64Array, thresholdM: number): number[] {
  const turns: number[] = [];
  let low = 0;
  let high = 0;
  let direction = 0;
  let farthest = 0;
  for (let index = 0; index < altitudeM.length; index++) {
    const altitude = altitudeM[index]!;
    if (direction === 0) {
      if (altitude < altitudeM[low]!) low = index;
      if (altitude > altitudeM[high]!) high = index;
      if (altitudeM[high]! - altitudeM[low]! < thresholdM || low === high) continue;
      direction = high === index ? 1 : -1;
      turns.push(direction > 0 ? low : high);
      farthest = index;
    } else if ((altitude - altitudeM[farthest]!) * direction > 0) {
      farthest = index;
    } else if (
      altitude !== altitudeM[farthest] &&
      (altitudeM[farthest]! - altitude) * direction >= thresholdM
    ) {
      turns.push(farthest);
      farthest = index;
      direction = -direction;
    }
  }
  if (direction !== 0) turns.push(farthest);
  return turns;
}

/** Rises and falls between turning points. */
export function climbOf(altitudeM: Float64Array, thresholdM: number): Climb {
  const turns = turningPoints(altitudeM, thresholdM);
  let gainM = 0;
  let lossM = 0;
  for (let index = 1; index < turns.length; index++) {
    const rise = altitudeM[turns[index]!]! - altitudeM[turns[index - 1]!]!;
    if (rise > 0) gainM += rise;
    else lossM -= rise;
  }
  return { gainM, lossM };
}

/** The same as it adds up along the way: metres climbed and descended until each point. Its last entries are those of `climbOf`. */
export function climbProfile(
  altitudeM: Float64Array,
  thresholdM: number,
): { readonly gainM: Float64Array; readonly lossM: Float64Array } {
  const gainM = new Float64Array(altitudeM.length);
  const lossM = new Float64Array(altitudeM.length);
  const turns = turningPoints(altitudeM, thresholdM);
  let gained = 0;
  let lost = 0;
  for (let leg = 1; leg < turns.length; leg++) {
    const [from, to] = [turns[leg - 1]!, turns[leg]!];
    const direction = Math.sign(altitudeM[to]! - altitudeM[from]!);
    let farthestM = 0;
    for (let index = from + 1; index <= to; index++) {
      farthestM = Math.max(farthestM, (altitudeM[index]! - altitudeM[from]!) * direction);
      gainM[index] = gained + (direction > 0 ? farthestM : 0);
      lossM[index] = lost + (direction > 0 ? 0 : farthestM);
    }
    gained = gainM[to]!;
    lost = lossM[to]!;
  }
  const end = turns.at(-1) ?? 0;
  gainM.fill(gained, end);
  lossM.fill(lost, end);
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

/** Counted on the smoothed altitudes, by the threshold that the others choose. */
export function elevationGainOf(whole: Float64Array, smooth: Float64Array): Climb {
  return climbOf(smooth, climbThresholdM(whole));
}
