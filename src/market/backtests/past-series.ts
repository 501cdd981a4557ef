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
