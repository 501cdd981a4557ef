// How often and how long a delivery is tried. Waits double from ten seconds to two hours, so that the last try comes 21 hours after
// the first: a receiver may be away overnight. What has not arrived after a day is news of yesterday, however long it was asked to
// wait. A receiver that fails twenty times in a row, over all deliveries, is not called any more until an administrator says so.

export const MOST_TRIES = 20;
export const MOST_AGE_MS = 86_400_000;
export const MOST_FAILURES_IN_ROW = 20;

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 7_200_000;

/**
 * The wait before the next try; undefined when there is none.
 * @param tries made so far, 1 or more
 * @param retryAfterMs what the receiver asks for, at least
 */
export function nextTryMs(
  tries: number,
  ageMs: number,
  retryAfterMs: number | undefined,
): number | undefined {
  const waitMs = Math.max(Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1)), retryAfterMs ?? 0);
  return tries >= MOST_TRIES || ageMs + waitMs > MOST_AGE_MS ? undefined : waitMs;
}
