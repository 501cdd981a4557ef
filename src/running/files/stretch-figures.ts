import { distanceM } from '../geo/geodesy.js';
import type { StretchFigures } from './parsed-activity.js';

/** Columns of places in time, whatever they belong to. */
export interface Places {
  readonly tMs: ArrayLike<number>;
  readonly latDeg: ArrayLike<number>;
  readonly lonDeg: ArrayLike<number>;
}

/**
 * What the stretch from one point to another (both counted) says of the run. Points without a place are passed over, as are steps of which
 * `isGap` says that the watch was stopped meanwhile.
 * @param isOut not 0 = left out @param isGap whether something lies between the two points that ends a step
 */
export function stretchFigures(
  places: Places,
  from: number,
  to: number,
  isOut?: ArrayLike<number>,
  isGap?: (before: number, after: number) => boolean,
): StretchFigures {
  let [pointCount, total, maxSpeedMps, last] = [0, 0, 0, -1];
  for (let at = from; at <= to; at += 1) {
    if (isOut?.[at]) continue;
    pointCount += 1;
    if (!(places.latDeg[at]! <= 90)) continue;
    if (last >= 0 && !isGap?.(last, at)) {
      const step = stepM(places, last, at);
      total += step;
      const seconds = (places.tMs[at]! - places.tMs[last]!) / 1_000;
      if (seconds > 0) maxSpeedMps = Math.max(maxSpeedMps, step / seconds);
    }
    last = at;
  }
  return { pointCount, distanceM: rounded(total), maxSpeedMps: rounded(maxSpeedMps) };
}

/** Metres between two points that have places. */
export function stepM(places: Places, a: number, b: number): number {
  return distanceM(places.latDeg[a]!, places.lonDeg[a]!, places.latDeg[b]!, places.lonDeg[b]!);
}

/** Centimetres are more than any receiver knows. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
