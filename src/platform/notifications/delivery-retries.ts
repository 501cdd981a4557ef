// How often and how long a delivery is tried, be it an administrator's hook or a person's. Waits double from ten seconds to two
// hours, so that the last try comes 21 hours after the first: a receiver may be away overnight. What has not arrived after a day is
// news of yesterday, however long it was asked to wait. A receiver that fails for a day and at least twenty times in a row, over all
// deliveries, is not called any more until its owner says so (receiver-failures.ts); the number alone is no measure, since many
// deliveries at once fail twenty times within minutes.

export const MOST_TRIES = 20;
export const MOST_AGE_MS = 86_400_000;
/** What it takes to disable a receiver: so many failures in a row, over so long. */
export const LEAST_FAILURES = 20;
export const LEAST_FAILING_MS = MOST_AGE_MS;
/** Of a delivery that is pending without a job: it waits for its channel. */
export const CHANNEL_DISABLED = 'notifications/channel-disabled';
/** Why a delivery is dropped whose channel can never be opened again. */
export const CHANNEL_ERASED = 'notifications/channel-erased';

const FIRST_WAIT_MS = 10_000;
const LONGEST_WAIT_MS = 7_200_000;

/** `dropped`: its receiver was disabled, or is not one any more, before it arrived. */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'dropped';

/** How a try ended. */
export interface TryOutcome {
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** Code of the failure; null when it went well. */
  readonly error: string | null;
}

export interface Try extends TryOutcome {
  /** What the receiver asks for, at least. */
  readonly retryAfterMs: number | undefined;
  /** The call was not made, for a reason of our own: the receiver is not to blame, and the try does not count. */
  readonly isOurs: boolean;
}

/** What follows from a try. */
export interface Settlement {
  readonly state: DeliveryState;
  /** Of a delivery that is still pending: the wait before its next try. */
  readonly waitMs: number | undefined;
  readonly addedTries: 0 | 1;
}

/** @param tries counted before this one @param isDisabled the receiver is not called any more */
export function settle(attempt: Try, tries: number, ageMs: number, isDisabled: boolean): Settlement {
  const addedTries = attempt.isOurs ? 0 : 1;
  if (attempt.error === null) return { state: 'delivered', waitMs: undefined, addedTries };
  if (isDisabled) return { state: 'dropped', waitMs: undefined, addedTries };
  const waitMs = nextTryMs(Math.max(1, tries + addedTries), ageMs, attempt.retryAfterMs);
  return { state: waitMs === undefined ? 'failed' : 'pending', waitMs, addedTries };
}

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
