// The even speed on level ground that would have been as hard as a run of hills and sprints: means over thirty seconds of the graded speed,
// to the fourth power, averaged (McGregor's normalised graded pace). Effort grows faster than speed, so peaks weigh more.
import { PORTION_POINTS } from '../geo/portions.js';

const MEAN_OVER_MS = 30_000;

/**
 * Metres per second; null for less than thirty seconds.
 * @param activeMs ascending, of the watch that stands still in pauses @param gradedM level metres until each point
 */
export function* normalisedSpeedMps(
  activeMs: Float64Array,
  gradedM: Float64Array,
): Generator<void, number | null> {
  const startMs = activeMs[0] ?? 0;
  let weight = 0;
  let sum = 0;
  let from = 0;
  for (let index = 1; index < activeMs.length; index++) {
    if (index % PORTION_POINTS === 0) yield;
    const at = activeMs[index]!;
    const stepMs = at - activeMs[index - 1]!;
    const fromMs = at - MEAN_OVER_MS;
    if (fromMs < startMs || stepMs <= 0) continue;
    while (activeMs[from + 1]! <= fromMs) from += 1;
    const share = (fromMs - activeMs[from]!) / (activeMs[from + 1]! - activeMs[from]!);
    const behindM = gradedM[from]! + share * (gradedM[from + 1]! - gradedM[from]!);
    const speedMps = ((gradedM[index]! - behindM) * 1000) / MEAN_OVER_MS;
    sum += speedMps ** 4 * stepMs;
    weight += stepMs;
  }
  return weight === 0 ? null : (sum / weight) ** 0.25;
}
