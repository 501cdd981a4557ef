// Times of fixes by a clock that may be put right, or wrong, in the middle of a run. The device's numbers say in which order fixes were
// made, so time has to ascend along them. Three things break that: a fix that a receiver gives out twice or late (cached by the system), a
// clock that is ahead for a while and comes back, and a clock that is set back for good. The first is left out, the others are shifted so
// that the run goes on where it was. Which it was follows from the fixes alone, so every order of arrival comes to the same times.

/** A step back that is no more than jitter. */
const JITTER_MS = 5_000;
/** A step forward that may be a clock's fault. A phone that lost its receiver for so long is believed, unless its clock comes back. */
const JUMP_MS = 60_000;
/** So many fixes in a row may be old ones that a system had kept. */
const MOST_STALE = 30;
/** What lies between two fixes where the clock does not tell. */
const USUAL_STEP_MS = 1_000;

export interface ClockTimes {
  /** Ascending along the fixes that are used; NaN = left out. */
  readonly atMs: Float64Array;
  /** True where the time is not the device's. */
  readonly isShifted: readonly boolean[];
}

/** @param atMs times in the order of the device's numbers. O(n). */
export function ascendingTimes(atMs: Float64Array): ClockTimes {
  const { length } = atMs;
  const leastLater = leastOfLater(atMs);
  const times = new Float64Array(length).fill(Number.NaN);
  const isShifted = Array.from({ length }, () => false);
  let shiftMs = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < length; index += 1) {
    const told = atMs[index]!;
    if (shiftMs !== 0 && told > last && told + shiftMs - last > JUMP_MS) shiftMs = 0; // somebody has put it right again
    let time = told + shiftMs;
    if (last === Number.NEGATIVE_INFINITY) {
      const isAhead = index + 1 < length && atMs[index + 1]! < told - JITTER_MS;
      if (isAhead && !comesBack(atMs, index, told)) continue; // ahead of the whole run that follows it
    } else if (time <= last) {
      if (last - time <= JITTER_MS || comesBack(atMs, index, last - shiftMs)) continue;
      shiftMs = last + USUAL_STEP_MS - told;
      time = last + USUAL_STEP_MS;
    } else if (time - last > JUMP_MS) {
      const returnMs = returnOf(atMs, leastLater[index]!, told) + shiftMs;
      if (returnMs > last && returnMs < time) {
        time = last + stepBefore(atMs, index);
        if (time >= returnMs) continue;
      }
    }
    times[index] = time;
    isShifted[index] = time !== told;
    last = time;
  }
  return { atMs: times, isShifted };
}

/** Where the lowest time of all later fixes stands; -1 behind the last one. */
function leastOfLater(atMs: Float64Array): Int32Array {
  const places = new Int32Array(atMs.length).fill(-1);
  for (let index = atMs.length - 2; index >= 0; index -= 1) {
    const later = places[index + 1]!;
    places[index] = later >= 0 && atMs[later]! < atMs[index + 1]! ? later : index + 1;
  }
  return places;
}

/**
 * The time to which a clock that shows `told` comes back for good; NaN where it does not: the later fix is hardly below, or an old one
 * after which it goes on from where it was.
 */
function returnOf(atMs: Float64Array, later: number, told: number): number {
  if (later < 0 || atMs[later]! >= told - JITTER_MS || comesBack(atMs, later, told)) return Number.NaN;
  return atMs[later]!;
}

/** Whether the clock is ahead of where it was within a few fixes: those between are old ones. */
function comesBack(atMs: Float64Array, from: number, lastMs: number): boolean {
  for (let index = from + 1; index < Math.min(atMs.length, from + MOST_STALE); index += 1)
    if (atMs[index]! > lastMs) return true;
  return false;
}

function stepBefore(atMs: Float64Array, index: number): number {
  const step = index > 0 ? atMs[index]! - atMs[index - 1]! : USUAL_STEP_MS;
  return step > 0 && step <= JUMP_MS ? step : USUAL_STEP_MS;
}
