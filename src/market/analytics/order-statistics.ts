/** Values in ascending order; the given ones are left as they are. */
export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/**
 * Quantile by linear interpolation, as PostgreSQL's percentile_cont.
 * @param ordered ascending, not empty @param share 0 to 1
 */
export function quantile(ordered: readonly number[], share: number): number {
  const place = share * (ordered.length - 1);
  const below = ordered[Math.floor(place)]!;
  const above = ordered[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param values not empty, in any order */
export function median(values: readonly number[]): number {
  return quantile(sorted(values), 0.5);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n - 1), or null for fewer than two values, as PostgreSQL's stddev_samp. */
export function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Turns a median absolute deviation into what the standard deviation of a normal distribution would be. */
const NORMAL_MAD = 1.4826;

/** Spread that half of the values may be wrong without moving it far: 1.4826 times the median distance from the median. */
export function robustDeviation(values: readonly number[]): number {
  const middle = median(values);
  return NORMAL_MAD * median(values.map((value) => Math.abs(value - middle)));
}
