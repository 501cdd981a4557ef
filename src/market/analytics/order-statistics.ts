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
  return robustDeviationOfSorted(sorted(values));
}

/** @param ordered ascending, not empty: distances from the median then grow outwards, and half of them are walked past */
export function robustDeviationOfSorted(ordered: ArrayLike<number>): number {
  const middle = quantile(ordered, 0.5);
  const half = (ordered.length - 1) / 2;
  let right = Math.ceil(half);
  let left = right - 1;
  let [before, distance] = [0, 0];
  for (let rank = 0; rank <= Math.ceil(half); rank += 1) {
    const below = left < 0 ? Infinity : middle - ordered[left]!;
    const above = right === ordered.length ? Infinity : ordered[right]! - middle;
    before = distance;
    distance = Math.min(below, above);
    if (below < above) left -= 1;
    else right += 1;
  }
  return NORMAL_MAD * (half % 1 === 0 ? distance : before + (distance - before) * 0.5);
}
