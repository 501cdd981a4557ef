/**
 * The days on which one item was seen on one server, oldest first: columns of equal length, since a year of a whole server is
 * a million of them. Prices are in the game's coin for one unit.
 */
export interface PriceSeries {
  /** Days since 1970-01-01, UTC. */
  days: Int32Array;
  /** Observations of each day. */
  counts: Int32Array;
  means: Float64Array;
  medians: Float64Array;
  /** First observation of each day, Unix time in milliseconds. */
  firstAtMs: Float64Array;
  /** The last observation of the last day. */
  lastPrice: number;
  lastAtMs: number;
  /** The last observation that is not flagged; NaN where all are. */
  cleanPrice: number;
  cleanAtMs: number;
}

const DAY_MS = 86_400_000;

/** The same from a day on. @param firstDay days since 1970-01-01 */
export function seriesSince(series: PriceSeries, firstDay: number): PriceSeries {
  const { days, counts, means, medians, firstAtMs } = series;
  let start = 0;
  while (start < days.length && days[start]! < firstDay) start += 1;
  if (start === 0) return series;
  const isCleanKept = series.cleanAtMs >= firstDay * DAY_MS;
  return {
    ...series,
    cleanPrice: isCleanKept ? series.cleanPrice : Number.NaN,
    cleanAtMs: isCleanKept ? series.cleanAtMs : Number.NaN,
    days: days.subarray(start),
    counts: counts.subarray(start),
    means: means.subarray(start),
    medians: medians.subarray(start),
    firstAtMs: firstAtMs.subarray(start),
  };
}
