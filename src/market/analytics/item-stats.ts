import { LEAST_PRICE, pctOfLog, ROBUST_LEAST_DAYS } from './market-index.js';
import { mean, median, robustDeviation, sampleDeviation } from './order-statistics.js';
import { dayNumber, type UtcDay } from './utc-day.js';

// Figures of one item from its days. Classic ones are the original's: volatility is the sample deviation of the day-over-day
// changes in percent, in which the first day counts as a change of 0 and gaps count as one day; ma7 is the mean of the days
// within 6 calendar days of the last; the signal says whether the last day lies outside of ma7 by more than the volatility.
//
// Deviation: the original divides by the day before, and one price of zero fails the request for a whole server. Here a
// change from zero counts as 0.
//
// Robust ones use daily medians, logarithms, and the median absolute deviation. Changes over gaps are scaled by the square
// root of the gap; the last day is compared with the days before it, not with itself among them.

export type Signal = 'buy' | 'sell' | 'neutral';

/** One day on which the item was seen. */
export interface DayFigure {
  day: UtcDay;
  mean: number;
  median: number;
}

export interface ClassicStats {
  changePct: number;
  /** Percent; null for a single day. */
  volatilityPct: number | null;
  /** Median of the daily means. */
  medianPrice: number;
  /** Mean of the daily means within 6 calendar days of the last day. */
  movingAverage: number;
  signal: Signal;
}

export interface RobustStats {
  /** From the median of the first three daily medians to that of the last three; null where one of them is zero. */
  changePct: number | null;
  /** Percent per square root of a day; null for fewer than four days. */
  volatilityPct: number | null;
  /** Median of the daily medians. */
  medianPrice: number;
  /** Median of the daily medians of the 7 days before the last day; null where there are none. */
  baselinePrice: number | null;
  /** Distance of the last day from the baseline in volatilities; null without either. */
  zScore: number | null;
  /** Beyond two volatilities. */
  signal: Signal;
}

const WEEK_DAYS = 7;
const SIGNAL_Z = 2;
/** A price that never moved has no deviation; a change of less than a thousandth is not news then either. */
const LEAST_VOLATILITY = 1e-3;

/** (last - first) / first in percent; 0 from a price of zero, as the original has it. */
export function changePct(first: number, last: number): number {
  return first < LEAST_PRICE ? 0 : ((last - first) / first) * 100;
}

/** @param days ascending, not empty */
export function classicStats(days: readonly DayFigure[]): ClassicStats {
  const means = days.map((day) => day.mean);
  const moves = means.map((value, index) => (index === 0 ? 0 : changePct(means[index - 1]!, value)));
  const lastDay = dayNumber(days.at(-1)!.day);
  const last = means.at(-1)!;
  const week = days.filter((day) => dayNumber(day.day) > lastDay - WEEK_DAYS).map((day) => day.mean);
  const movingAverage = mean(week);
  const volatilityPct = sampleDeviation(moves);
  const reach = (movingAverage * (volatilityPct ?? 0)) / 100;
  const isKnown = volatilityPct !== null;
  return {
    changePct: changePct(means[0]!, last),
    volatilityPct,
    medianPrice: median(means),
    movingAverage,
    signal: isKnown ? signalOf(last < movingAverage - reach, last > movingAverage + reach) : 'neutral',
  };
}

/** @param days ascending, not empty */
export function robustStats(days: readonly DayFigure[]): RobustStats {
  const medians = days.map((day) => day.median);
  const first = median(medians.slice(0, 3));
  const last = median(medians.slice(-3));
  const isMeasurable = first >= LEAST_PRICE && last >= LEAST_PRICE;
  const lastDay = dayNumber(days.at(-1)!.day);
  const before = days
    .slice(0, -1)
    .filter((day) => dayNumber(day.day) >= lastDay - WEEK_DAYS)
    .map((day) => day.median);
  const baselinePrice = before.length === 0 ? null : median(before);
  const volatility = logVolatility(days);
  const zScore = zScoreOf(medians.at(-1)!, baselinePrice, volatility);
  return {
    changePct: isMeasurable ? pctOfLog(Math.log(last / first)) : null,
    volatilityPct: volatility === null ? null : volatility * 100,
    medianPrice: median(medians),
    baselinePrice,
    zScore,
    signal: zScore === null ? 'neutral' : signalOf(zScore < -SIGNAL_Z, zScore > SIGNAL_Z),
  };
}

function logVolatility(days: readonly DayFigure[]): number | null {
  const priced = days.filter((day) => day.median >= LEAST_PRICE);
  if (priced.length < ROBUST_LEAST_DAYS) return null;
  const returns = priced.slice(1).map((day, index) => {
    const previous = priced[index]!;
    const gapDays = dayNumber(day.day) - dayNumber(previous.day);
    return Math.log(day.median / previous.median) / Math.sqrt(gapDays);
  });
  return robustDeviation(returns);
}

function zScoreOf(last: number, baseline: number | null, volatility: number | null): number | null {
  if (baseline === null || volatility === null) return null;
  if (last < LEAST_PRICE || baseline < LEAST_PRICE) return null;
  return Math.log(last / baseline) / Math.max(volatility, LEAST_VOLATILITY);
}

function signalOf(isCheap: boolean, isDear: boolean): Signal {
  if (isCheap) return 'buy';
  return isDear ? 'sell' : 'neutral';
}
