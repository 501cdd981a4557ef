import { mean, quantile, robustDeviation, sorted } from './order-statistics.js';

// How far a market as a whole has moved, by two methods.
//
// Classic is the original's figure: the mean of the items' changes in percent, each weighted by the number of days on which
// it was seen. It leans upward (+100 % and -50 % give +25 %) and one junk item can move it anywhere.
//
// Robust is a Jevons index: the geometric mean of last over first price, where both ends are medians, and the logarithms of
// the outermost 5 % on either side are pulled in to the 5 % and 95 % quantile (winsorised), so no item can move it far.

/** A mean price below this counts as zero: the ratio to it says nothing. */
export const LEAST_PRICE = 1e-9;
/** Both ends of a robust change are medians of three days; with fewer days than this they are the same three. */
export const ROBUST_LEAST_DAYS = 4;

const WINSOR_SHARE = 0.05;

export interface ClassicSums {
  /** Sum of change in percent times days seen. */
  weightedPct: number | null;
  /** Sum of squared change times days seen. */
  weightedSquares: number | null;
  /** Sum of days seen. */
  weight: number | null;
}

export interface IndexFigure {
  /** Change over the span in percent. */
  changePct: number;
  /** How far the items differ: percentage points around the index. */
  dispersionPct: number;
}

/** Rounded to two decimals, as the original does; null when no item counts. */
export function classicIndex({ weightedPct, weightedSquares, weight }: ClassicSums): IndexFigure | null {
  if (weightedPct === null || weightedSquares === null || weight === null || weight === 0) return null;
  const change = weightedPct / weight;
  const variance = Math.max(0, weightedSquares / weight - change ** 2);
  return { changePct: roundHalfAway(change, 2), dispersionPct: roundHalfAway(Math.sqrt(variance), 2) };
}

/** @param logRatios ln(last / first) per item @returns percents with four decimals; null without an item */
export function robustIndex(logRatios: readonly number[]): IndexFigure | null {
  if (logRatios.length === 0) return null;
  return {
    changePct: roundHalfAway(pctOfLog(mean(winsorise(logRatios))), 4),
    dispersionPct: roundHalfAway(pctOfLog(robustDeviation(logRatios)), 4),
  };
}

/** Pulls what lies outside of the 5 % and 95 % quantiles in to them; order is kept. */
export function winsorise(values: readonly number[]): number[] {
  const ordered = sorted(values);
  const least = quantile(ordered, WINSOR_SHARE);
  const most = quantile(ordered, 1 - WINSOR_SHARE);
  return values.map((value) => Math.min(most, Math.max(least, value)));
}

/** A logarithm of a price ratio as a change in percent. */
export function pctOfLog(logRatio: number): number {
  return Math.expm1(logRatio) * 100;
}

/** Half is rounded away from zero, as PostgreSQL's numeric does; digits beyond the fifteenth are noise of binary fractions. */
export function roundHalfAway(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const scaled = Number((Math.abs(value) * scale).toPrecision(15));
  return value === 0 ? 0 : (Math.sign(value) * Math.round(scaled)) / scale;
}
