/** Values in ascending order; the given ones are left as they are. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/**
 * Quantile by linear interpolation, as PostgreSQL's percentile_cont.
 * @param ordered ascending, not empty @param share 0 to 1
 */
export function quantile(ordered: ArrayLike<number>, share: number): number {
  const place = share * (ordered.length - 1);
  const below = ordered[Math.floor(place)]!;
  const above = ordered[Math.ceil(place)]!;
  return below + (above - below) * (place - Math.floor(place));
}

/** @param values not empty, in any order */
export function median(values: ArrayLike<number>): number {
  return quantile(sorted(values), 0.5);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  return sum / values.length;
}

/** Sample standard deviation (n - 1), or null for fewer than two values, as PostgreSQL's stddev_samp. */
export function sampleDeviation(values: ArrayLike<number>): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += (values[index]! - middle) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** Turns a median absolute deviation into what the standard deviation of a normal distribution would be. */
const NORMAL_MAD = 1.4826;

/** Spread that half of the values may be wrong without moving it far: 1.4826 times the median distance from the median. */
export function robustDeviation(values: ArrayLike<number>): number {
  const middle = median(values);
  return NORMAL_MAD * median(Float64Array.from(values, (value) => Math.abs(value - middle)));
}
