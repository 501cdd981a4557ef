// What the rollups are, in the plainest words: raw rows -> one row per series and UTC day -> one row per series and standard
// window. The product derives them in SQL, day by day as raw rows change (rollups.repository.ts); these functions say what
// must come out, and the tests hold the tables against them. Which rows are flagged says flags/flag-rule.ts.
//
// Invariant: a window of `days` days as of a day D covers the days D - days to D, both included. Days after D wait.

/** Standard windows in days. */
export const WINDOW_DAYS = [7, 30, 90, 365] as const;
/** So many outermost days make the robust end of a window. */
export const END_DAYS = 3;

const DAY_MS = 86_400_000;

/** One raw observation of a series. */
export interface RawPoint {
  id: number;
  /** Unix time in milliseconds. */
  capturedAtMs: number;
  /** Coins for one unit. */
  price: number;
}

/** One UTC day on which a series was seen; prices in coins for one unit. */
export interface DailyRow {
  /** ISO date. */
  day: string;
  n: number;
  sum: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Of the rows that are not flagged, or of all where all are. */
  median: number;
  /** Of all rows, where it is another; else null. */
  rawMedian: number | null;
  /** Earliest and last price that are not flagged, where they are others than above; NaN where all are flagged, else null. */
  cleanOpen: number | null;
  cleanClose: number | null;
  /** When the last one was seen, where that was not `lastAtMs`. */
  cleanAtMs: number | null;
  /** Unix time in milliseconds. */
  firstAtMs: number;
  /** Unix time in milliseconds. */
  lastAtMs: number;
}

/** A series over a standard window; prices in coins for one unit. */
export interface WindowRow {
  days: number;
  n: number;
  dayCount: number;
  sum: number;
  firstDay: string;
  lastDay: string;
  /** Means of the first and the last day seen. */
  firstMean: number;
  lastMean: number;
  /** Medians of the medians of the three outermost days, fewer where there are fewer. */
  firstMedian: number;
  lastMedian: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** @param ms Unix time in milliseconds @returns its UTC day as ISO date */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** @param day ISO date @param count days to go ahead, negative to go back */
export function shiftDay(day: string, count: number): string {
  return utcDay(Date.parse(day) + count * DAY_MS);
}

/**
 * The day for which window rows shall stand. Days go forward only: of two workers around midnight the one whose clock is
 * behind leaves alone what the other has rolled over. More than a day ahead is no such difference but a clock that was
 * wrong, and is taken back.
 * @param stored ISO date for which they stand, null when there are none
 */
export function nextAsOf(stored: string | null, today: string): string {
  return stored !== null && stored > today && stored <= shiftDay(today, 1) ? stored : today;
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)]!, sorted[Math.ceil(middle)]!];
  return low + (high - low) * (middle % 1);
}

/** @param points of one series @param flagged ids of those that are flagged @returns its days in order */
export function deriveDaily(
  points: readonly RawPoint[],
  flagged: ReadonlySet<number> = new Set(),
): DailyRow[] {
  const inOrder = [...points].sort((a, b) => a.capturedAtMs - b.capturedAtMs || a.price - b.price);
  const byDay = new Map<string, RawPoint[]>();
  for (const point of inOrder) {
    const day = utcDay(point.capturedAtMs);
    byDay.set(day, [...(byDay.get(day) ?? []), point]);
  }
  return [...byDay].map(([day, seen]) => {
    const prices = seen.map(({ price }) => price);
    const clean = seen.filter(({ id }) => !flagged.has(id));
    const ofAll = median(prices);
    const ofClean = clean.length > 0 ? median(clean.map(({ price }) => price)) : ofAll;
    const [cleanOpen, cleanClose] = [clean[0]?.price ?? Number.NaN, clean.at(-1)?.price ?? Number.NaN];
    const lastAtMs = seen.at(-1)!.capturedAtMs;
    const cleanAtMs = clean.at(-1)?.capturedAtMs ?? lastAtMs;
    return {
      day,
      n: seen.length,
      sum: sumOf(prices),
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      median: ofClean,
      rawMedian: ofClean === ofAll ? null : ofAll,
      cleanOpen: cleanOpen === prices[0] ? null : cleanOpen,
      cleanClose: cleanClose === prices.at(-1) ? null : cleanClose,
      cleanAtMs: cleanAtMs === lastAtMs ? null : cleanAtMs,
      firstAtMs: seen[0]!.capturedAtMs,
      lastAtMs,
    };
  });
}

/** @param daily days of one series in order @param asOf ISO date @returns a row per window in which it was seen */
export function deriveWindows(daily: readonly DailyRow[], asOf: string): WindowRow[] {
  return WINDOW_DAYS.flatMap((days) => {
    const from = shiftDay(asOf, -days);
    const seen = daily.filter(({ day }) => day >= from && day <= asOf);
    const [first, last] = [seen[0], seen.at(-1)];
    if (first === undefined || last === undefined) return [];
    return [
      {
        days,
        n: sumOf(seen.map(({ n }) => n)),
        dayCount: seen.length,
        sum: sumOf(seen.map(({ sum }) => sum)),
        firstDay: first.day,
        lastDay: last.day,
        firstMean: first.sum / first.n,
        lastMean: last.sum / last.n,
        firstMedian: median(seen.slice(0, END_DAYS).map((row) => row.median)),
        lastMedian: median(seen.slice(-END_DAYS).map((row) => row.median)),
        firstAtMs: first.firstAtMs,
        lastAtMs: last.lastAtMs,
      },
    ];
  });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
