// Who is where in a group race over its course. Times within a millisecond are the same time and the same place, as in any results list.

export interface StandingEntry {
  readonly number: number;
  /** From line to line; null = not finished. */
  readonly officialTimeS: number | null;
}

export interface Standing<Entry> {
  readonly entry: Entry;
  /** From 1, shared by equal times; null = not finished. */
  readonly place: number | null;
  readonly behindS: number | null;
}

const SAME_S = 0.001;

/** The fastest first; those who have not finished behind them, by number. */
export function standingsOf<Entry extends StandingEntry>(entries: readonly Entry[]): Standing<Entry>[] {
  const timeOf = ({ officialTimeS }: Entry): number => officialTimeS ?? Number.POSITIVE_INFINITY;
  const sorted = [...entries].sort((a, b) =>
    timeOf(a) === timeOf(b) ? a.number - b.number : timeOf(a) - timeOf(b),
  );
  const first = sorted[0]?.officialTimeS ?? null;
  let place = 0;
  return sorted.map((entry, index) => {
    const time = entry.officialTimeS;
    if (time === null || first === null) return { entry, place: null, behindS: null };
    const before = sorted[index - 1]?.officialTimeS ?? null;
    if (before === null || time - before > SAME_S) place = index + 1;
    return { entry, place, behindS: time - first };
  });
}
