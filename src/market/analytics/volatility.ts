import { LEAST_PRICE, ROBUST_LEAST_DAYS } from './market-index.js';
import { robustDeviation, sampleDeviation } from './order-statistics.js';

// How much a price moves from day to day, by two methods.
//
// Classic is the original's: the sample deviation of the day-over-day changes in percent, in which the first day counts as a
// change of 0 and a gap as one day. The original divides by the day before, and one price of zero fails the request for a whole
// server; here a change from zero counts as 0.
//
// Robust is 1.4826 MAD of the logarithmic returns of daily medians, each divided by the square root of its gap in days, as
// the deviation of a random walk grows: percent per square root of a day. Days without a price are passed over.

/** (last - first) / first in percent; 0 from a price of zero, as the original has it. */
export function changePct(first: number, last: number): number {
  return first < LEAST_PRICE ? 0 : ((last - first) / first) * 100;
}

/** @param prices a price per day seen, oldest first @returns percent; null for fewer than two days */
export function classicVolatility(prices: ArrayLike<number>): number | null {
  const moves = new Float64Array(prices.length);
  for (let place = 1; place < moves.length; place += 1)
    moves[place] = changePct(prices[place - 1]!, prices[place]!);
  return sampleDeviation(moves);
}

/** Over a gap of so many days, as of one: a logarithm. */
export function logReturn(before: number, after: number, gapDays: number): number {
  return Math.log(after / before) / Math.sqrt(gapDays);
}

/**
 * @param days ascending numbers of days, parallel to their prices
 * @returns a logarithm, 0.01 for about one percent; null for fewer than four days with a price
 */
export function robustVolatility(days: ArrayLike<number>, prices: ArrayLike<number>): number | null {
  const returns: number[] = [];
  let previous = -1;
  for (let place = 0; place < prices.length; place += 1) {
    if (prices[place]! < LEAST_PRICE) continue;
    if (previous >= 0)
      returns.push(logReturn(prices[previous]!, prices[place]!, days[place]! - days[previous]!));
    previous = place;
  }
  return returns.length < ROBUST_LEAST_DAYS - 1 ? null : robustDeviation(returns);
}
