import { LEAST_PRICE } from './market-index.js';
import { mean, median } from './order-statistics.js';
import { classicVolatility, robustVolatility } from './volatility.js';

// Whether the last day's price stands apart from those before it.
//
// Classic is the original's: the average of the last seven days seen, the last one among them, less or plus the volatility in
// percent is the target, and a price beyond it is an opportunity. It damps itself, since the price is part of its own average.
//
// Robust compares ln(price) of the last day with the median of the seven calendar days before it, in volatilities of the days
// before it (volatility.ts): z. Neither looks at the last day itself. Beyond two, the price stands apart.

export const SIGNAL_SIDES = ['buy', 'sell'] as const;
export type SignalSide = (typeof SIGNAL_SIDES)[number];

const AVERAGED_DAYS = 7;
const CLASSIC_LEAST_DAYS = 3;
const WEEK_DAYS = 7;
export const SIGNAL_Z = 2;
/** A price that never moved has no deviation; a change of less than a thousandth is not news then either. */
const LEAST_VOLATILITY = 1e-3;

/** What the last day is compared with. */
export interface SignalReference {
  /** A price. */
  reference: number;
  /** Classic: percent; robust: a logarithm. */
  volatility: number;
}

/** @param means a mean per day seen, oldest first @returns null for fewer than three days */
export function classicReference(means: ArrayLike<number>): SignalReference | null {
  if (means.length < CLASSIC_LEAST_DAYS) return null;
  return {
    reference: mean(Array.prototype.slice.call(means, -AVERAGED_DAYS) as number[]),
    volatility: classicVolatility(means)!,
  };
}

/** The price from which on the last day is an opportunity; below zero where the volatility is above 100 %. */
export function classicTarget({ reference, volatility }: SignalReference, side: SignalSide): number {
  return reference * (1 + ((side === 'buy' ? -1 : 1) * volatility) / 100);
}

/** Median of the seven days before the last day seen; null where there are none. @param days ascending, parallel to medians */
export function trailingMedian(days: ArrayLike<number>, medians: ArrayLike<number>): number | null {
  const last = medians.length - 1;
  const before: number[] = [];
  for (let place = last - 1; place >= 0 && days[place]! >= days[last]! - WEEK_DAYS; place -= 1)
    before.push(medians[place]!);
  return before.length === 0 ? null : median(before);
}

/**
 * @param days ascending numbers of days, parallel to their medians
 * @returns null without a price within the seven days before the last, or with too few days before it for a volatility
 */
export function robustReference(days: ArrayLike<number>, medians: ArrayLike<number>): SignalReference | null {
  const last = medians.length - 1;
  return referenceBefore(days, medians, () => robustVolatility(firstOf(days, last), firstOf(medians, last)));
}

/** The same with a volatility of the days before the last that is known already, or worked out when it is needed. */
export function referenceBefore(
  days: ArrayLike<number>,
  medians: ArrayLike<number>,
  volatilityBefore: () => number | null,
): SignalReference | null {
  const reference = trailingMedian(days, medians) ?? 0;
  if (reference < LEAST_PRICE || medians[medians.length - 1]! < LEAST_PRICE) return null;
  const volatility = volatilityBefore();
  return volatility === null ? null : { reference, volatility: Math.max(volatility, LEAST_VOLATILITY) };
}

/** Distance of a price from its reference in volatilities. */
export function zScoreOf(price: number, { reference, volatility }: SignalReference): number {
  return Math.log(price / reference) / volatility;
}

export function robustTarget({ reference, volatility }: SignalReference, side: SignalSide): number {
  return reference * Math.exp((side === 'buy' ? -1 : 1) * SIGNAL_Z * volatility);
}

function firstOf(values: ArrayLike<number>, count: number): number[] {
  return Array.prototype.slice.call(values, 0, count) as number[];
}
