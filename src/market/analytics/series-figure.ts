import { mean, median, sampleDeviation } from './order-statistics.js';
import type { PriceSeries } from './price-series.js';
import { classicReference, robustReference } from './signals.js';
import { classicTrend, robustTrend, TREND_TYPES, type TrendType } from './trends.js';
import { classicVolatility, robustVolatility } from './volatility.js';

// Everything that lists are made of, for one series and one span of days: numbers alone, NaN for what cannot be said, so that a
// server is a handful of columns. The standard windows are kept in market.window_figure, any other span is worked out by
// these very functions (series-figures.service.ts).

/** Names of the figures; in SQL the same in snake case. */
export const FIGURES = [
  /** Observations, and days on which there were any. */
  'n',
  'days',
  /** Unix times in milliseconds. */
  'firstAtMs',
  'lastAtMs',
  /** The newest observation. */
  'lastPrice',
  /** Means of the first and the last day. */
  'firstMean',
  'lastMean',
  /** Mean of the daily means, and their deviation as a share of it in percent. */
  'meanPrice',
  'spreadPct',
  /** Percent. */
  'classicVolatilityPct',
  /** Mean of the last seven days seen. */
  'classicReference',
  /** Place in TREND_TYPES. */
  'classicTrend',
  'classicRunDays',
  /** Median of the last day, and of the daily medians. */
  'lastMedian',
  'medianPrice',
  /** A logarithm per square root of a day. */
  'robustVolatility',
  /** Median of the seven days before the last, and the volatility of the days before the last. */
  'robustReference',
  'robustReferenceVolatility',
  /** Logarithm per day. */
  'robustSlope',
  'robustP',
  'robustTrend',
  'robustRunDays',
  /** The newest observation that is not flagged, and its Unix time in milliseconds. */
  'cleanPrice',
  'cleanAtMs',
] as const;
export type FigureName = (typeof FIGURES)[number];
export type SeriesFigure = Record<FigureName, number>;

/** First and last day that was asked for, both included: days since 1970-01-01. */
export interface DaySpan {
  firstDay: number;
  lastDay: number;
}

/** @param series within the span, with at least one day */
export function figureOf(series: PriceSeries, span: DaySpan): SeriesFigure {
  const { days, means, medians } = series;
  return {
    ...levelFigure(series),
    ...classicFigure(means),
    lastMedian: medians.at(-1)!,
    ...robustFigure(days, medians, span),
  };
}

/** The figures that no trend or reference is needed for. */
function levelFigure(series: PriceSeries) {
  const { days, counts, means, medians, firstAtMs, lastPrice, lastAtMs, cleanPrice, cleanAtMs } = series;
  const meanPrice = mean(means);
  return {
    n: counts.reduce((sum, count) => sum + count, 0),
    days: days.length,
    firstAtMs: firstAtMs[0]!,
    lastAtMs,
    lastPrice,
    cleanPrice,
    cleanAtMs,
    meanPrice,
    spreadPct: meanPrice === 0 ? Number.NaN : ((sampleDeviation(means) ?? Number.NaN) / meanPrice) * 100,
    medianPrice: median(medians),
    robustVolatility: robustVolatility(days, medians) ?? Number.NaN,
  };
}

function classicFigure(means: Float64Array) {
  const trend = classicTrend(means);
  return {
    firstMean: means[0]!,
    lastMean: means.at(-1)!,
    classicVolatilityPct: classicVolatility(means) ?? Number.NaN,
    classicReference: classicReference(means)?.reference ?? Number.NaN,
    classicTrend: codeOf(trend?.type),
    classicRunDays: trend?.runDays ?? Number.NaN,
  };
}

function robustFigure(days: Int32Array, medians: Float64Array, span: DaySpan) {
  const reference = robustReference(days, medians);
  const trend = robustTrend(days, medians, span);
  return {
    robustReference: reference?.reference ?? Number.NaN,
    robustReferenceVolatility: reference?.volatility ?? Number.NaN,
    robustSlope: trend?.slope ?? Number.NaN,
    robustP: trend?.p ?? Number.NaN,
    robustTrend: codeOf(trend?.type),
    robustRunDays: trend?.runDays ?? Number.NaN,
  };
}

function codeOf(type: TrendType | undefined): number {
  return type === undefined ? Number.NaN : TREND_TYPES.indexOf(type);
}
