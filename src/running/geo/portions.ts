// Long work in portions: a rule that takes a while on days of running is a generator that yields now and then, after a million points every
// few milliseconds. Whoever has a process to share runs it by `runInTurns`; everybody else lets it finish at once. What it comes to is the same.

/** Points between two turns where a loop does much with each. */
export const PORTION_POINTS = 65_536;

/** Runs a rule to its end. */
export function finished<T>(work: Generator<void, T>): T {
  for (let next = work.next(); ; next = work.next()) if (next.done === true) return next.value;
}
