import type { PriceSeries } from '../analytics/price-series.js';

/** The days on which one item was seen, each with its first and its last price: columns of equal length, oldest first. */
export interface PastSeries extends Omit<PriceSeries, 'lastPrice' | 'lastAtMs' | 'cleanPrice' | 'cleanAtMs'> {
  itemId: number;
  /** 0 for none. */
  categoryId: number;
  closes: Float64Array;
  /** Last observation of each day, Unix time in milliseconds. */
  lastsAtMs: Float64Array;
  /** First and last price that are not flagged, and when the last was seen; prices are NaN on days of flagged ones alone. */
  cleanOpens: Float64Array;
  cleanCloses: Float64Array;
  cleansAtMs: Float64Array;
}

/**
 * What was known at the end of a day: the days of the window that ends on it, and nothing later. A rule on trial sees a series
 * through this alone, so it cannot look ahead.
 *
 * @param day days since 1970-01-01 @returns null where the item was not seen within the window
 */
export function knownAt(series: PastSeries, day: number, windowDays: number): PriceSeries | null {
  const start = placeFrom(series.days, day - windowDays);
  const end = placeFrom(series.days, day + 1);
  if (start === end) return null;
  let clean = end - 1;
  while (clean >= start && Number.isNaN(series.cleanCloses[clean]!)) clean -= 1;
  return {
    days: series.days.subarray(start, end),
    counts: series.counts.subarray(start, end),
    means: series.means.subarray(start, end),
    medians: series.medians.subarray(start, end),
    firstAtMs: series.firstAtMs.subarray(start, end),
    lastPrice: series.closes[end - 1]!,
    lastAtMs: series.lastsAtMs[end - 1]!,
    cleanPrice: clean < start ? Number.NaN : series.cleanCloses[clean]!,
    cleanAtMs: clean < start ? Number.NaN : series.cleansAtMs[clean]!,
  };
}

/** The first place whose day is not before the given one; the length where there is none. @param days ascending */
export function placeFrom(days: Int32Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
