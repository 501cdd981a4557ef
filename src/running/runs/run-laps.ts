import { growthBetween, type Position } from '../analysis/along-track.js';
import type { RunCurves } from '../analysis/run-curves.js';
import type { LapMark } from '../geo/track.js';

/** A lap of the device, with what the track says of it. */
export interface RunLap {
  /** 1 for the first. */
  readonly number: number;
  readonly startS: number;
  readonly endS: number;
  readonly elapsedTimeS: number;
  readonly movingTimeS: number;
  /** As the device told it, or else by the track; null where neither does. */
  readonly distanceM: number | null;
  /** Moving seconds per kilometre. */
  readonly paceSPerKm: number | null;
  readonly trigger: LapMark['trigger'];
}

/** @param marks ascending by their ends */
export function lapsOfRun(marks: readonly LapMark[], { track, distance, movingMs }: RunCurves): RunLap[] {
  let startMs = 0;
  return marks.map(({ endMs, distanceM: told, trigger }, index) => {
    const [from, to] = [positionAt(track.tMs, startMs), positionAt(track.tMs, endMs)];
    const measured = distance.basis === 'none' ? null : growthBetween(distance.distanceM, from, to);
    const movingTimeS = track.length === 0 ? 0 : growthBetween(movingMs, from, to) / 1_000;
    const distanceM = told ?? measured;
    const lap: RunLap = {
      number: index + 1,
      startS: startMs / 1_000,
      endS: endMs / 1_000,
      elapsedTimeS: (endMs - startMs) / 1_000,
      movingTimeS,
      distanceM,
      paceSPerKm:
        distanceM !== null && distanceM > 0 && movingTimeS > 0 ? (movingTimeS * 1_000) / distanceM : null,
      trigger,
    };
    startMs = endMs;
    return lap;
  });
}

/** Between the two points around a moment; before the first and behind the last one it is those. */
function positionAt(tMs: Float64Array, atMs: number): Position {
  let [low, high] = [0, tMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tMs[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return { index: 0, share: 0 };
  if (low >= tMs.length) return { index: tMs.length - 1, share: 0 };
  return { index: low - 1, share: (atMs - tMs[low - 1]!) / (tMs[low]! - tMs[low - 1]!) };
}
