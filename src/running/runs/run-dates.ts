const DAY_MS = 86_400_000;

/** Clocks of devices go wrong by zones, and a client may begin a run before midnight of its own day: a day ahead is possible, more is not. */
export function isDatedWithin(startedAt: Date, now: Date): boolean {
  return startedAt.getTime() <= now.getTime() + DAY_MS;
}
