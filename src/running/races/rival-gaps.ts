import { interpolate } from '../geo/columns.js';
import type { GapCurve } from './gap-curve-codec.js';

// Two runners of one course, compared afterwards: at each place of mine, how long before me was the other there? Both counted from their own
// crossing of the start line, so that who started later loses nothing by it.

export interface RivalGaps {
  /** Seconds since I crossed the start line. */
  readonly timeS: number[];
  /** Metres from the start line. */
  readonly distanceM: number[];
  /** Positive = I was behind. */
  readonly gapS: number[];
}

/** As far as both have come. @param points at most, evenly over my time */
export function rivalGaps(mine: GapCurve, theirs: GapCurve, points: number): RivalGaps {
  const out: RivalGaps = { timeS: [], distanceM: [], gapS: [] };
  const line = risingOf(theirs);
  const last = line.alongM.at(-1);
  if (last === undefined || line.alongM.length < 2) return out;
  for (const index of evenly(mine.timeS.length, points)) {
    const alongM = mine.alongM[index]!;
    if (alongM < line.alongM[0]! || alongM > last) continue;
    out.timeS.push(mine.timeS[index]!);
    out.distanceM.push(alongM);
    out.gapS.push(mine.timeS[index]! - interpolate(line.alongM, line.timeS, alongM));
  }
  return out;
}

/** When each place was reached first: standing still reaches nothing. */
function risingOf({ timeS, alongM }: GapCurve): { timeS: Float64Array; alongM: Float64Array } {
  const kept: number[] = [];
  let farthest = Number.NEGATIVE_INFINITY;
  alongM.forEach((metres, index) => {
    if (!(metres > farthest)) return;
    farthest = metres;
    kept.push(index);
  });
  return {
    timeS: Float64Array.from(kept, (index) => timeS[index]!),
    alongM: Float64Array.from(kept, (index) => alongM[index]!),
  };
}

/** Indexes from first to last, at most so many. */
export function evenly(length: number, most: number): number[] {
  if (length === 0) return [];
  const count = Math.min(length, most);
  if (count === 1) return [0];
  return Array.from({ length: count }, (_, index) => Math.round((index * (length - 1)) / (count - 1)));
}
