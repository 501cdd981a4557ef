import { mean, quantile, robustDeviation, sorted } from './order-statistics.js';

// How far a market as a whole has moved, by two methods.
//
// Classic is the original's figure: the mean of the items' changes in percent, each weighted by the number of days on which
// it was seen. It leans upward (+100 % and -50 % give +25 %) and one junk item can move it anywhere.
//
// Robust is a chain (a matched-model Jevons index, as price statistics have it): from one day on which the server was seen to
// the next, the geometric mean of the price ratios of the items seen on both, by daily medians. The logarithms of the outermost
// 5 % on either side are pulled in to the 5 % and 95 % quantile (winsorised), so no item can move a link far. The index of a span
// is the product of its links, whichever items each was made of: items come and go without moving it, and the links of a span
// add up from those of its parts.

/** A mean price below this counts as zero: the ratio to it says nothing. */
export const LEAST_PRICE = 1e-9;
/** Fewer days with a price than this say nothing of how it moves. */
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

/** What was seen on a server on one day. */
export interface MarketDay {
  /** Days since 1970-01-01. */
  day: number;
  /** Ascending, parallel to the medians of the day. */
  itemIds: Int32Array;
  medians: Float64Array;
}

/** How far the market went from one day to the next on which it was seen. */
export interface IndexLink {
  logChange: number;
  /** 1.4826 MAD of the items' logarithms. */
  dispersion: number;
  /** Items with a price on both days. */
  matchedCount: number;
  /** Items with a price on one of them at least. */
  seenCount: number;
}

export interface ChainFigure extends IndexFigure {
  /** Of the items seen on one of two days in a row the share that was seen on both, 0 to 1. */
  coverage: number;
}

/** Without an item on both days the market has not moved, as far as anybody knows. */
export function linkOf(before: MarketDay, after: MarketDay): IndexLink {
  const logs: number[] = [];
  let [left, right, seenCount] = [0, 0, 0];
  while (left < before.itemIds.length || right < after.itemIds.length) {
    const [a, b] = [before.itemIds[left] ?? Infinity, after.itemIds[right] ?? Infinity];
    const first = a <= b ? before.medians[left]! : 0;
    const last = b <= a ? after.medians[right]! : 0;
    if (a <= b) left += 1;
    if (b <= a) right += 1;
    if (first >= LEAST_PRICE || last >= LEAST_PRICE) seenCount += 1;
    if (first >= LEAST_PRICE && last >= LEAST_PRICE) logs.push(Math.log(last / first));
  }
  const matchedCount = logs.length;
  if (matchedCount === 0) return { logChange: 0, dispersion: 0, matchedCount, seenCount };
  return { logChange: mean(winsorise(logs)), dispersion: robustDeviation(logs), matchedCount, seenCount };
}

/** @param days of a server in order @returns a link from each to the next */
export function linksOf(days: readonly MarketDay[]): IndexLink[] {
  return days.slice(1).map((day, place) => linkOf(days[place]!, day));
}

/** Dispersion is that of an average day. @returns percents with four decimals; null when no item was seen on two days in a row */
export function chainIndex(links: readonly IndexLink[]): ChainFigure | null {
  const total = (valueOf: (link: IndexLink) => number): number =>
    links.reduce((sum, link) => sum + valueOf(link), 0);
  const matches = total((link) => link.matchedCount);
  if (matches === 0) return null;
  const dispersion = total((link) => link.dispersion * link.matchedCount) / matches;
  return {
    changePct: roundHalfAway(pctOfLog(total((link) => link.logChange)), 4),
    dispersionPct: roundHalfAway(pctOfLog(dispersion), 4),
    coverage: matches / total((link) => link.seenCount),
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
