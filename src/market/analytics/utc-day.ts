/** A calendar day in UTC as PostgreSQL writes a `date`: `2026-11-21`. Such texts sort as the days do. */
export type UtcDay = string;

const DAY_MS = 86_400_000;

/** @param ms Unix milliseconds within the years 0 to 9999 */
export function utcDayOf(ms: number): UtcDay {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Days since 1970-01-01. */
export function dayNumber(day: UtcDay): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** Days since 1970-01-01. @param ms Unix milliseconds */
export function dayNumberAt(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

/** @param number days since 1970-01-01 */
export function utcDayFrom(number: number): UtcDay {
  return utcDayOf(number * DAY_MS);
}

export function addDays(day: UtcDay, count: number): UtcDay {
  return utcDayFrom(dayNumber(day) + count);
}

/** Days from the first to the second; negative when the second is earlier. */
export function daysBetween(from: UtcDay, to: UtcDay): number {
  return dayNumber(to) - dayNumber(from);
}
