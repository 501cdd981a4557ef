// How often the platform reads a player's profile by itself. Bungie keeps an answer for about a minute and allows 25 calls a second
// for everybody together, so those who play are read often and those who do not are read seldom; whoever wants more asks (POST sync).

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Ascending by `playedWithinMs`; the last one holds for everybody else. */
export const REFRESH_INTERVALS: readonly { readonly playedWithinMs: number; readonly everyMs: number }[] = [
  { playedWithinMs: 3 * HOUR_MS, everyMs: 10 * MINUTE_MS },
  { playedWithinMs: 2 * DAY_MS, everyMs: HOUR_MS },
  { playedWithinMs: 30 * DAY_MS, everyMs: 6 * HOUR_MS },
  { playedWithinMs: Infinity, everyMs: DAY_MS },
];

/** @param lastPlayedMs null = not known, which counts as just now @returns milliseconds from one reading to the next */
export function refreshIntervalMs(lastPlayedMs: number | null, nowMs: number): number {
  const agoMs = lastPlayedMs === null ? 0 : nowMs - lastPlayedMs;
  return REFRESH_INTERVALS.find(({ playedWithinMs }) => agoMs <= playedWithinMs)!.everyMs;
}

/** Shorter ones pass without a word: Bungie's own caches are minutes behind. */
const LEAST_STALE_MS = HOUR_MS;

/** Whether more time has passed since Bungie made it than two readings take. @param asOfMs null = never read, which is not old */
export function isStale(asOfMs: number | null, lastPlayedMs: number | null, nowMs: number): boolean {
  if (asOfMs === null) return false;
  return nowMs - asOfMs > Math.max(LEAST_STALE_MS, 2 * refreshIntervalMs(lastPlayedMs, nowMs));
}
