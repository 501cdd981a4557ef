/** How far back a list compares prices. */
export const LIST_RANGES = ['24h', '7d', '30d', '90d', '365d'] as const;
export type ListRange = (typeof LIST_RANGES)[number];

const HOUR_MS = 3_600_000;
const HOURS: Record<ListRange, number> = { '24h': 24, '7d': 168, '30d': 720, '90d': 2_160, '365d': 8_760 };

/** Unix time in milliseconds at which the range begins. */
export function rangeStartMs(range: ListRange, nowMs: number): number {
  return nowMs - HOURS[range] * HOUR_MS;
}

/** What is no range is a day, as in the original. */
export function rangeOf(text: string): ListRange {
  return LIST_RANGES.find((range) => range === text) ?? '24h';
}

/** Percent from `previous` to `last`, null where that says nothing. */
export function changePct(last: number | null, previous: number | null): number | null {
  return last === null || previous === null || previous === 0 ? null : ((last - previous) / previous) * 100;
}
