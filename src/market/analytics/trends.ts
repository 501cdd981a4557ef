import { LEAST_PRICE } from './market-index.js';
import { median, quantile } from './order-statistics.js';

// Where a price is going, by two methods.
//
// Classic is the original's: the directions of the last two moves between the last three days seen, however far apart. Up after
// not down is bullish, down after not up bearish, up after down a rebound, anything else stable. The move over the window is
// from its first day to its last.
//
// Robust looks at the whole window: Theil-Sen's slope, the median of the slopes between all pairs of at most 60 buckets of days
// (each the median of ln(daily median)), and the two-sided p of Mann and Kendall's test for no trend, ties counted. Below 0.05 it
// is bullish or bearish by the sign of the slope; bearish and up on the last two days seen or more is a rebound.

export const TREND_TYPES = ['stable', 'bullish', 'bearish', 'rebound'] as const;
export type TrendType = (typeof TREND_TYPES)[number];

export const MAX_TREND_BUCKETS = 60;
const SIGNIFICANT_P = 0.05;
const CLASSIC_DAYS = 3;
const REBOUND_DAYS = 2;

export interface ClassicTrend {
  type: TrendType;
  /** Days seen in a row that go with the trend, at most 3; 1 where it is stable. */
  runDays: number;
}

/** @param means a mean per day seen, oldest first @returns null for fewer than three days */
export function classicTrend(means: ArrayLike<number>): ClassicTrend | null {
  const count = means.length;
  if (count < CLASSIC_DAYS) return null;
  const last = directionOf(means[count - 2]!, means[count - 1]!);
  const previous = directionOf(means[count - 3]!, means[count - 2]!);
  if (last === 0) return { type: 'stable', runDays: 1 };
  const runDays = last === previous ? CLASSIC_DAYS : CLASSIC_DAYS - 1;
  if (last > 0) return { type: previous < 0 ? 'rebound' : 'bullish', runDays };
  return previous > 0 ? { type: 'stable', runDays: 1 } : { type: 'bearish', runDays };
}

export interface RobustTrend {
  type: TrendType;
  /** Logarithm per day. */
  slope: number;
  /** 0 to 1: how often a series without a trend would look like this. */
  p: number;
  /** Days seen in a row on which the price rose; negative where it fell. */
  runDays: number;
}

/** A bucket of days. */
export interface TrendPoint {
  /** Mean number of its days. */
  day: number;
  /** ln(price). */
  level: number;
}

/**
 * @param days ascending numbers of days, parallel to their medians
 * @param span first and last day that was asked for
 * @returns null where the price is known in fewer than two buckets
 */
export function robustTrend(
  days: ArrayLike<number>,
  medians: ArrayLike<number>,
  span: { firstDay: number; lastDay: number },
): RobustTrend | null {
  const points = trendBuckets(days, medians, span);
  if (points.length < 2) return null;
  const { slope, p } = theilSen(points);
  const runDays = runOf(medians);
  return { type: robustType(slope, p, runDays), slope, p, runDays };
}

/** At most 60 points, over buckets of equally many days counted from the first day of the span. */
export function trendBuckets(
  days: ArrayLike<number>,
  medians: ArrayLike<number>,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
): TrendPoint[] {
  const width = Math.ceil((lastDay - firstDay + 1) / MAX_TREND_BUCKETS);
  const points: TrendPoint[] = [];
  let [bucket, dayNumbers, levels]: [number, number[], number[]] = [-1, [], []];
  const close = (): void => {
    if (levels.length > 0)
      points.push({ day: dayNumbers.reduce((a, b) => a + b) / dayNumbers.length, level: median(levels) });
    [dayNumbers, levels] = [[], []];
  };
  for (let place = 0; place < days.length; place += 1) {
    if (medians[place]! < LEAST_PRICE) continue;
    const own = Math.floor((days[place]! - firstDay) / width);
    if (own !== bucket) close();
    bucket = own;
    dayNumbers.push(days[place]!);
    levels.push(Math.log(medians[place]!));
  }
  close();
  return points;
}

/** @param points at least two, ascending by day */
export function theilSen(points: readonly TrendPoint[]): { slope: number; p: number } {
  const count = points.length;
  const slopes = new Float64Array((count * (count - 1)) / 2);
  let [filled, score] = [0, 0];
  for (let later = 1; later < count; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1) {
      const rise = points[later]!.level - points[earlier]!.level;
      slopes[filled] = rise / (points[later]!.day - points[earlier]!.day);
      filled += 1;
      score += Math.sign(rise);
    }
  return { slope: quantile(slopes.sort(), 0.5), p: mannKendallP(score, points) };
}

/** Normal approximation with the correction for continuity (Mann 1945, Kendall 1975). */
function mannKendallP(score: number, points: readonly TrendPoint[]): number {
  const spread = (count: number): number => count * (count - 1) * (2 * count + 5);
  const ties = new Map<number, number>();
  for (const { level } of points) ties.set(level, (ties.get(level) ?? 0) + 1);
  let variance = spread(points.length);
  for (const count of ties.values()) variance -= spread(count);
  const distance = Math.abs(score) - 1;
  return variance <= 0 || distance <= 0 ? 1 : erfc(distance / Math.sqrt(variance / 18) / Math.SQRT2);
}

/** For x >= 0, off by 1.5e-7 at most (Abramowitz and Stegun 7.1.26). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return series * Math.exp(-x * x);
}

/** 1 up, -1 down; equal prices may come to means that differ in their last digit. */
function directionOf(before: number, after: number): number {
  return Math.abs(after - before) <= 1e-12 * Math.max(before, after) ? 0 : Math.sign(after - before);
}

function runOf(prices: ArrayLike<number>): number {
  let run = 0;
  for (let place = prices.length - 1; place > 0; place -= 1) {
    const move = directionOf(prices[place - 1]!, prices[place]!);
    if (move === 0 || move * run < 0) break;
    run += move;
  }
  return run;
}

function robustType(slope: number, p: number, runDays: number): TrendType {
  if (p >= SIGNIFICANT_P || slope === 0) return 'stable';
  if (slope > 0) return 'bullish';
  return runDays >= REBOUND_DAYS ? 'rebound' : 'bearish';
}
