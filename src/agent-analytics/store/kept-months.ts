// Which months of texts are kept: the current one and so many whole ones before it, by UTC.

/** @param months 0 = all @returns first day of the oldest month that is kept, `2025-12-01`; null = nothing is dropped */
export function firstKeptMonth(nowMs: number, months: number): string | null {
  if (months === 0) return null;
  const now = new Date(nowMs);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
}
