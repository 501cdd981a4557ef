import { addDays, type UtcDay, utcDayOf } from './utc-day.js';

// Means of raw rows since an instant, without reading more of them than a day: whole days are sums in `daily`, and only the day
// in which the instant lies is looked up in the raw rows.

export const DOCUMENT_FRESHNESS_H = 24;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Rows from an instant on, as a part of a day and the days after it. */
export interface RawSpan {
  /** Unix times in milliseconds; equal where there is no part of a day. */
  partFromMs: number;
  partUntilMs: number;
  /** First whole day. */
  firstDay: UtcDay;
}

/** @param untilMs Unix time, from which `hours` are counted back */
export function rawSpan(untilMs: number, hours: number): RawSpan {
  const fromMs = untilMs - hours * HOUR_MS;
  const day = utcDayOf(fromMs);
  const dayMs = Date.parse(`${day}T00:00:00Z`);
  return fromMs === dayMs
    ? { partFromMs: fromMs, partUntilMs: fromMs, firstDay: day }
    : { partFromMs: fromMs, partUntilMs: dayMs + DAY_MS, firstDay: addDays(day, 1) };
}
