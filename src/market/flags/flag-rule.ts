// An observation is suspicious when its price is far from what its series has been at lately (docs/decisions/observation-flags.md).
//
// The level of a day is the median, in logarithms, of the daily medians of the last 7 days seen among the 30 before it, and the
// reach is six deviations of those (MAD, scaled as for a normal distribution), but never less than a factor of five: the factor by
// which the original's client sorts out listings. A series with fewer than three such days has no level; its day is
// then compared with itself, if at least three prices were seen.
//
// Daily medians are those of all raw rows, flagged or not. So flags depend on raw rows alone, not on other flags nor on the
// order in which rows came, and a day can move the flags of the next seven days seen, of no others.

/** So many days seen make the level. */
export const LEVEL_DAYS = 7;
/** None of them lies further back. */
export const LEVEL_REACH_DAYS = 30;
/** Fewer make none. */
export const LEAST_LEVEL_DAYS = 3;
/** Without a level, so many prices of a day judge each other. */
export const LEAST_DAY_PRICES = 3;
/** Logarithm of the factor that is always allowed. */
export const LEAST_REACH = Math.log(5);
/** MAD times 1.4826 is the standard deviation of a normal distribution. */
export const REACH_PER_MAD = 6 * 1.4826;
/** Stands for a price of zero, which has no logarithm. */
export const LEAST_PRICE = 1e-9;
/** What logarithms of two machines may differ by: a price exactly on the edge is allowed on both. */
export const SLACK = 1e-9;

export const FLAG_REASONS = ['above-level', 'below-level', 'above-day', 'below-day'] as const;
export type FlagReason = (typeof FLAG_REASONS)[number];

export const VERDICTS = ['cleared', 'confirmed'] as const;
/** What a curator says of a flagged price: it was real, or it was not. */
export type Verdict = (typeof VERDICTS)[number];

/** What the prices of a day are held against. */
export interface Yardstick {
  basis: 'level' | 'day';
  /** In the game's coin for one unit. */
  expectedPrice: number;
  /** Furthest distance allowed, in logarithms. */
  reach: number;
}

export interface Suspicion {
  reason: FlagReason;
  expectedPrice: number;
  /** Price over expected price. */
  ratio: number;
}

/**
 * @param before daily medians of the days that make the level, newest first; at most LEVEL_DAYS
 * @param prices of the day itself @returns null where there is nothing to hold them against
 */
export function yardstickOf(before: readonly number[], prices: readonly number[]): Yardstick | null {
  if (before.length >= LEAST_LEVEL_DAYS) {
    const logs = before.map(logOf);
    const level = medianOf(logs);
    const mad = medianOf(logs.map((log) => Math.abs(log - level)));
    return {
      basis: 'level',
      expectedPrice: Math.exp(level),
      reach: Math.max(LEAST_REACH, REACH_PER_MAD * mad),
    };
  }
  if (prices.length < LEAST_DAY_PRICES) return null;
  return { basis: 'day', expectedPrice: medianOf(prices), reach: LEAST_REACH };
}

/** @returns null for a price within reach */
export function judgePrice(price: number, { basis, expectedPrice, reach }: Yardstick): Suspicion | null {
  const distance = logOf(price) - logOf(expectedPrice);
  if (Math.abs(distance) <= reach + SLACK) return null;
  return {
    reason: `${distance > 0 ? 'above' : 'below'}-${basis}`,
    expectedPrice,
    ratio: price / Math.max(expectedPrice, LEAST_PRICE),
  };
}

function logOf(price: number): number {
  return Math.log(Math.max(price, LEAST_PRICE));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
