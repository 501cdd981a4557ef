import { median } from './time-model.js';

// How somebody's times on one route develop: which of them were the best so far, and where they are heading. The trend is the median of
// the slopes between all pairs of times (Theil 1950, Sen 1968): one day in the heat or with the dog does not turn it.

export interface TimeOnRoute {
  readonly runId: string;
  readonly atMs: number;
  readonly timeS: number;
}

export interface TimeInProgress extends TimeOnRoute {
  /** Faster than all before. */
  readonly isBest: boolean;
  /** The best until and with this one. */
  readonly bestTimeS: number;
  /** Seconds slower than the best before; negative = faster; null for the first. */
  readonly behindBestS: number | null;
}

export interface RouteProgress {
  /** Oldest first. */
  readonly items: readonly TimeInProgress[];
  readonly bestTimeS: number | null;
  readonly medianTimeS: number | null;
  /** Seconds by which times change in thirty days, negative = faster; null below four times or a fortnight. */
  readonly trendSPer30Days: number | null;
}

const DAY_MS = 86_400_000;
const LEAST_TIMES = 4;
const LEAST_SPAN_MS = 14 * DAY_MS;
/** All pairs of more are a million slopes; the newest say where it is heading. */
const MOST_TIMES_OF_TREND = 200;

/** @param times oldest first */
export function progressOf(times: readonly TimeOnRoute[]): RouteProgress {
  let bestS = Infinity;
  const items = times.map((time) => {
    const behindBestS = bestS === Infinity ? null : time.timeS - bestS;
    const isBest = time.timeS < bestS;
    bestS = Math.min(bestS, time.timeS);
    return { ...time, isBest, bestTimeS: bestS, behindBestS };
  });
  return {
    items,
    bestTimeS: items.length === 0 ? null : bestS,
    medianTimeS: items.length === 0 ? null : median(times.map(({ timeS }) => timeS)),
    trendSPer30Days: trendOf(times.slice(-MOST_TIMES_OF_TREND)),
  };
}

function trendOf(times: readonly TimeOnRoute[]): number | null {
  if (times.length < LEAST_TIMES || times.at(-1)!.atMs - times[0]!.atMs < LEAST_SPAN_MS) return null;
  const slopes = times.flatMap((later, at) =>
    times
      .slice(0, at)
      .filter((earlier) => later.atMs > earlier.atMs)
      .map((earlier) => (later.timeS - earlier.timeS) / (later.atMs - earlier.atMs)),
  );
  return median(slopes) * 30 * DAY_MS;
}
