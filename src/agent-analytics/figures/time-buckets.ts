// Series by hours, days or weeks (from Monday) of a zone, without gaps.

export const BUCKETS = ['hour', 'day', 'week'] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface Span {
  readonly from: Date;
  readonly to: Date;
}

const HOUR_MS = 3_600_000;
/** The shortest that each can be, for counting: days have 23 hours when clocks go forward. */
const LEAST_MS: Readonly<Record<Bucket, number>> = {
  hour: HOUR_MS,
  day: 23 * HOUR_MS,
  week: (7 * 24 - 1) * HOUR_MS,
};
const USUAL_MS: Readonly<Record<Bucket, number>> = {
  hour: 48 * HOUR_MS,
  day: 30 * 24 * HOUR_MS,
  week: 26 * 7 * 24 * HOUR_MS,
};
export const MOST_BUCKETS = 2_000;

const ZONE_NAME = /^[A-Za-z][A-Za-z_]*(\/[A-Za-z0-9_+-]+){0,2}$/;

/** Zones by their names in the tz database; offsets are none, since PostgreSQL reads their signs the other way round. */
export function isZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What is left open is filled in: until now, and two days, 30 days or 26 weeks back. */
export function spanOf(
  bucket: Bucket,
  { from, to }: { readonly from: Date | null; readonly to: Date | null },
  nowMs: number,
): Span {
  const end = to ?? new Date(from === null ? nowMs : Math.max(nowMs, from.getTime() + 1));
  return { from: from ?? new Date(end.getTime() - USUAL_MS[bucket]), to: end };
}

export function isTooLong(bucket: Bucket, { from, to }: Span): boolean {
  return (to.getTime() - from.getTime()) / LEAST_MS[bucket] > MOST_BUCKETS - 2;
}
