// Means of what a sensor tells over time: each value stands until the next one, but no longer than a sensor may be silent.

const STANDS_FOR_MS = 15_000;

export interface MeanAndMax {
  readonly mean: number;
  readonly max: number;
}

/**
 * Null where no value lies within the bounds. Values outside (0 of a strap that lost contact, NaN) say nothing.
 * @param clock ascending, ms; values at equal moments weigh nothing
 * @param from, to half-open range of points
 */
export function meanOverTime(
  values: Float64Array | null,
  clock: Float64Array,
  bounds: { readonly above: number; readonly upTo: number },
  from = 0,
  to = clock.length,
): MeanAndMax | null {
  if (values === null) return null;
  let weighted = 0;
  let weight = 0;
  let plain = 0;
  let count = 0;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (!(value > bounds.above && value <= bounds.upTo)) continue;
    const nextMs = index + 1 < clock.length ? clock[index + 1]! - clock[index]! : 0;
    const standsMs = Math.min(nextMs, STANDS_FOR_MS);
    weighted += value * standsMs;
    weight += standsMs;
    plain += value;
    count += 1;
    max = Math.max(max, value);
  }
  if (count === 0) return null;
  return { mean: weight > 0 ? weighted / weight : plain / count, max };
}
