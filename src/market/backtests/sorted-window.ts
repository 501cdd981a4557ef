import { quantile, robustDeviationOfSorted } from '../analytics/order-statistics.js';

/** Numbers in ascending order that come and go one at a time, so that the median of a window costs no sorting on each day. */
export class SortedWindow {
  private readonly values: Float64Array;
  private count = 0;

  /** @param capacity most numbers held at once */
  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  get size(): number {
    return this.count;
  }

  /** @param value not NaN */
  add(value: number): void {
    const place = this.placeOf(value);
    this.values.copyWithin(place + 1, place, this.count);
    this.values[place] = value;
    this.count += 1;
  }

  /** @param value one that was added */
  remove(value: number): void {
    this.values.copyWithin(this.placeOf(value), this.placeOf(value) + 1, this.count);
    this.count -= 1;
  }

  /** Not of none. */
  median(): number {
    return quantile(this.held(), 0.5);
  }

  /** Not of none. */
  robustDeviation(): number {
    return robustDeviationOfSorted(this.held());
  }

  private held(): Float64Array {
    return this.values.subarray(0, this.count);
  }

  private placeOf(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
