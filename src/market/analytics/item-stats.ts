import { LEAST_PRICE, pctOfLog } from './market-index.js';
import { mean, median } from './order-statistics.js';
import { robustReference, SIGNAL_Z, trailingMedian, zScoreOf } from './signals.js';
import { dayNumber, type UtcDay } from './utc-day.js';
import { changePct, classicVolatility, robustVolatility } from './volatility.js';

// Figures of one item from its days. Classic ones are the original's: volatility (volatility.ts); ma7 is the mean of the days
// within 6 calendar days of the last; the signal says whether the last day lies outside of ma7 by more than the volatility.
// Robust ones use daily medians, logarithms, and the median absolute deviation; the last day is compared with the days before
// it, not with itself among them (signals.ts).

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
  /** Distance of the last day from the baseline in volatilities of the days before it; null without either. */
  zScore: number | null;
  /** Beyond two volatilities. */
  signal: Signal;
}

const WEEK_DAYS = 7;

/** @param days ascending, not empty */
export function classicStats(days: readonly DayFigure[]): ClassicStats {
  const means = days.map((day) => day.mean);
  const lastDay = dayNumber(days.at(-1)!.day);
  const last = means.at(-1)!;
  const week = days.filter((day) => dayNumber(day.day) > lastDay - WEEK_DAYS).map((day) => day.mean);
  const movingAverage = mean(week);
  const volatilityPct = classicVolatility(means);
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
  const numbers = days.map(({ day }) => dayNumber(day));
  const volatility = robustVolatility(numbers, medians);
  const reference = robustReference(numbers, medians);
  const zScore = reference && zScoreOf(medians.at(-1)!, reference);
  return {
    changePct: isMeasurable ? pctOfLog(Math.log(last / first)) : null,
    volatilityPct: volatility === null ? null : volatility * 100,
    medianPrice: median(medians),
    baselinePrice: trailingMedian(numbers, medians),
    zScore,
    signal: zScore === null ? 'neutral' : signalOf(zScore < -SIGNAL_Z, zScore > SIGNAL_Z),
  };
}

function signalOf(isCheap: boolean, isDear: boolean): Signal {
  if (isCheap) return 'buy';
  return isDear ? 'sell' : 'neutral';
}
