// The fastest stretch of a given length within a run, by the clock on the wall: nobody gets faster by stopping the watch. Between points
// the pace is even, so the least time has a point at its start or at its end; both kinds are tried with one pointer that only goes
// forward: O(n) per length. Strava's older segments did not interpolate their ends and were up to two seconds off.

/** Metres: 400, 800, 1k, mile, 5k, 10k, 15k, half marathon, marathon. */
export const EFFORT_DISTANCES_M = [400, 800, 1000, 1609.344, 5000, 10_000, 15_000, 21_097.5, 42_195] as const;

export interface BestEffort {
  readonly distanceM: number;
  readonly elapsedTimeS: number;
  /** Where it began, metres from the run's start. */
  readonly startM: number;
  /** When it began, seconds from the run's start. */
  readonly startS: number;
}

/**
 * Null where the run is shorter.
 * @param tMs ascending @param distanceM never falling, as long as tMs @param lengthM above 0
 */
export function bestEffortOf(tMs: Float64Array, distanceM: Float64Array, lengthM: number): BestEffort | null {
  const last = distanceM.length - 1;
  if (last < 1 || distanceM[last]! - distanceM[0]! < lengthM) return null;
  let best = { timeMs: Number.POSITIVE_INFINITY, startMs: 0, startM: 0 };
  const offer = (startMs: number, endMs: number, startM: number): void => {
    if (endMs - startMs < best.timeMs) best = { timeMs: endMs - startMs, startMs, startM };
  };
  // From a point: the first moment at which the length is covered.
  for (let start = 0, end = 0; start <= last; start++) {
    const goalM = distanceM[start]! + lengthM;
    while (end <= last && distanceM[end]! < goalM) end += 1;
    if (end > last) break;
    offer(tMs[start]!, momentBetween(tMs, distanceM, end - 1, goalM), distanceM[start]!);
  }
  // To a point: the last moment at which the length was still ahead.
  for (let start = 0, end = 1; end <= last; end++) {
    const fromM = distanceM[end]! - lengthM;
    if (fromM < distanceM[0]!) continue;
    while (start < last && distanceM[start + 1]! <= fromM) start += 1;
    offer(momentBetween(tMs, distanceM, start, fromM), tMs[end]!, fromM);
  }
  return {
    distanceM: lengthM,
    elapsedTimeS: best.timeMs / 1000,
    startM: best.startM,
    startS: best.startMs / 1000,
  };
}

/** Those of the usual lengths that the run is long enough for. */
export function* bestEffortsOf(
  tMs: Float64Array,
  distanceM: Float64Array,
  lengthsM: readonly number[] = EFFORT_DISTANCES_M,
): Generator<void, BestEffort[]> {
  const efforts: BestEffort[] = [];
  for (const lengthM of lengthsM) {
    const effort = bestEffortOf(tMs, distanceM, lengthM);
    if (effort !== null) efforts.push(effort);
    yield;
  }
  return efforts;
}

/** When a distance between the points `index` and `index + 1` is reached by even pace. */
function momentBetween(tMs: Float64Array, distanceM: Float64Array, index: number, atM: number): number {
  const fromM = distanceM[index]!;
  if (atM <= fromM) return tMs[index]!;
  const share = (atM - fromM) / (distanceM[index + 1]! - fromM);
  return tMs[index]! + share * (tMs[index + 1]! - tMs[index]!);
}
