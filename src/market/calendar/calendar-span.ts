// Days of UTC as texts, `2026-11-28`: they sort, compare and travel as they are.

const DAY_MS = 86_400_000;

export const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** @param day a date that there is @returns the day so many days later */
export function addDays(day: string, count: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS);
}

/** Portions of at most `size` days, from the first up to but without the last. */
export function portionsOf(from: string, end: string, size: number): { from: string; to: string }[] {
  const portions: { from: string; to: string }[] = [];
  for (let day = from; day < end; day = addDays(day, size)) {
    const last = addDays(day, size - 1);
    portions.push({ from: day, to: last < end ? last : addDays(end, -1) });
  }
  return portions;
}
