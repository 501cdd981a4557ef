// A run as a test: in a steady run heart rate follows speed. After ten minutes of warming up, how fast on level ground at which heart rate
// gives a VO2max without racing; how the two drift apart from one half to the other (Friel's aerobic decoupling) tells endurance.
import type { RunCurves } from './run-curves.js';
import { PLAUSIBLE_HEART_RATE_BPM } from './track-summary.js';
import { meanOverTime } from './weighted-mean.js';

const WARM_UP_MS = 600_000;
/** Of each half, and of the steady part. */
const SHORTEST_MS = 600_000;

/** Level speed while moving, and the heart rate that went with it. */
export interface SteadyState {
  readonly speedMps: number;
  readonly heartRateBpm: number;
}

/** The run without its first ten minutes moved; null where less than ten more follow, or heart rate or distance is not told. */
export function steadyStateOf(curves: RunCurves): SteadyState | null {
  const { movingMs } = curves;
  const last = movingMs.length - 1;
  const from = movingMs.findIndex((ms) => ms >= WARM_UP_MS);
  if (from < 0 || movingMs[last]! - movingMs[from]! < SHORTEST_MS) return null;
  return stateBetween(curves, from, last);
}

/**
 * How many per cent less speed per heart beat the second half (by time moved) had than the first; negative where it had more. Null for
 * runs of less than twenty minutes, and without heart rate or distance.
 */
export function decouplingPct(curves: RunCurves): number | null {
  const { movingMs } = curves;
  const last = movingMs.length - 1;
  const movedMs = movingMs[last] ?? 0;
  if (movedMs < 2 * SHORTEST_MS) return null;
  const middle = movingMs.findIndex((ms) => ms >= movedMs / 2);
  const first = stateBetween(curves, 0, middle);
  const second = stateBetween(curves, middle, last);
  if (first === null || second === null || first.speedMps === 0) return null;
  const before = first.speedMps / first.heartRateBpm;
  return ((before - second.speedMps / second.heartRateBpm) / before) * 100;
}

function stateBetween(curves: RunCurves, from: number, to: number): SteadyState | null {
  const { track, distance, movingMs, gradedM } = curves;
  const movedMs = movingMs[to]! - movingMs[from]!;
  if (distance.basis === 'none' || movedMs <= 0) return null;
  const heartRate = meanOverTime(
    track.heartRateBpm,
    distance.activeMs,
    PLAUSIBLE_HEART_RATE_BPM,
    from,
    to + 1,
  );
  if (heartRate === null) return null;
  return { speedMps: ((gradedM[to]! - gradedM[from]!) * 1000) / movedMs, heartRateBpm: heartRate.mean };
}
