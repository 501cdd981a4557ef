const DAY_MS = 86_400_000;

/** Clocks of devices go wrong by zones, and a client may begin a run before midnight of its own day: a day ahead is possible, more is not. */
export function isDatedWithin(startedAt: Date, now: Date): boolean {
  return startedAt.getTime() <= now.getTime() + DAY_MS;
}

/** The end that a device tells; null where it lies before the start or in the future: its clock was changed, and the last fix knows better. */
export function toldEnd(startedAt: Date, finishedAtMs: number | null, now: Date): Date | null {
  if (finishedAtMs === null || finishedAtMs < startedAt.getTime()) return null;
  const finishedAt = new Date(finishedAtMs);
  return isDatedWithin(finishedAt, now) ? finishedAt : null;
}
