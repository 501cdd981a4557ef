// Time in which somebody moved: at least half a metre per second over five seconds, outside of pauses. Holes of fifteen seconds and more
// are what a watch leaves that stopped by itself; where points are sparse anyway, a hole is what is much longer than usual there.
// On a phone's track thresholds of 0.3 to 1.0 m/s say the same within half a percent: holes matter more than the threshold. The window
// matters where a receiver repeats a place for a second: read from point to point, two minutes of running would be standing.
import type { DistanceCurve } from './distance-curve.js';

const STANDING_BELOW_MPS = 0.5;
const WINDOW_MS = 5000;
const HOLE_MS = 15_000;
const HOLE_IN_USUAL_STEPS = 3;

/**
 * For each point, milliseconds moved on the way to it from the one before; 0 where somebody stood, was paused or out of sight.
 * Without any distance (a treadmill without a foot pod) all time outside of pauses counts.
 * @param windowMs over which a speed is read; 0 = from point to point
 */
export function movingSteps(curve: DistanceCurve, windowMs = WINDOW_MS): Float64Array {
  const { activeMs, distanceM } = curve;
  const steps = new Float64Array(activeMs.length);
  const holeMs = holeOf(activeMs);
  const before = walker(activeMs, distanceM);
  const after = walker(activeMs, distanceM);
  const endMs = activeMs.at(-1) ?? 0;
  for (let index = 1; index < activeMs.length; index++) {
    const stepMs = activeMs[index]! - activeMs[index - 1]!;
    if (curve.basis === 'none') {
      steps[index] = stepMs;
      continue;
    }
    if (stepMs <= 0 || stepMs >= holeMs) continue;
    const middleMs = (activeMs[index]! + activeMs[index - 1]!) / 2;
    const half = Math.max(windowMs, stepMs) / 2;
    const fromMs = Math.max(activeMs[0]!, middleMs - half);
    const toMs = Math.min(endMs, middleMs + half);
    const speedMps = ((after(toMs) - before(fromMs)) * 1000) / (toMs - fromMs);
    if (speedMps >= STANDING_BELOW_MPS) steps[index] = stepMs;
  }
  return steps;
}

export function movingTimeMs(curve: DistanceCurve, windowMs = WINDOW_MS): number {
  return movingSteps(curve, windowMs).reduce((sum, step) => sum + step, 0);
}

/** From where on a step is a hole: by the middle one of all steps, which is looked for only where it makes a difference. */
function holeOf(clock: Float64Array): number {
  const steps = new Float64Array(Math.max(0, clock.length - 1));
  let longCount = 0;
  for (let index = 0; index < steps.length; index++) {
    steps[index] = clock[index + 1]! - clock[index]!;
    if (steps[index]! * HOLE_IN_USUAL_STEPS > HOLE_MS) longCount += 1;
  }
  if (longCount * 2 < steps.length) return HOLE_MS;
  return Math.max(HOLE_MS, HOLE_IN_USUAL_STEPS * (steps.sort()[steps.length >> 1] ?? 0));
}

/** Reads a curve at moments that only go forward. */
function walker(clock: Float64Array, values: Float64Array): (atMs: number) => number {
  let index = 0;
  return (atMs) => {
    while (index < clock.length - 1 && clock[index + 1]! <= atMs) index += 1;
    if (index === clock.length - 1 || atMs <= clock[index]!) return values[index]!;
    const share = (atMs - clock[index]!) / (clock[index + 1]! - clock[index]!);
    return values[index]! + share * (values[index + 1]! - values[index]!);
  };
}
