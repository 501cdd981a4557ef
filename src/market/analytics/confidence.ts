// How far a figure of an item may be trusted, 0 to 1 (docs/decisions/analytics-confidence.md):
//
//   evidence   = (1 - 2^(-n / 6)) * min(1, days / min(span, 14))
//   freshness  = 2^(-age / 7)
//   confidence = evidence * freshness
//
// Six observations give half of the first factor, so a single print is worth 0.11 of it; a series seen on each of 14 days
// (or on each day of a shorter span) has the second whole; a price not seen for a week counts half. It never falls when
// something more was observed, and never rises with the age of the newest observation.

const HALF_EVIDENCE_N = 6;
const FULL_DAYS = 14;
const HALF_LIFE_DAYS = 7;

export interface Evidence {
  /** Number of observations in the span; for an index the mean of its items. */
  n: number;
  /** Number of days with an observation; for an index the mean of its items. */
  days: number;
  /** Calendar days of the span, at least 1. */
  spanDays: number;
  /** Whole days from the last day seen to the end of the span, or to today where the span ends later. */
  ageDays: number;
}

/** @returns 0 to 1, three decimals */
export function confidenceOf({ n, days, spanDays, ageDays }: Evidence): number {
  const evidence = (1 - 2 ** (-n / HALF_EVIDENCE_N)) * Math.min(1, days / Math.min(spanDays, FULL_DAYS));
  const freshness = 2 ** (-Math.max(0, ageDays) / HALF_LIFE_DAYS);
  return Math.round(evidence * freshness * 1_000) / 1_000;
}
