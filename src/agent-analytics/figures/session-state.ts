// How a story stands. The original knows complete and incomplete, and counts a story as complete once its evaluation has begun.

export const SESSION_STATES = ['active', 'complete', 'abandoned'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export interface StateFacts {
  readonly hasEnd: boolean;
  readonly isComplete: boolean;
  /** Unix milliseconds; null = nothing has ever happened. */
  readonly endedMs: number | null;
  readonly createdMs: number;
}

/** Nobody has come back after so long; real plays took at most 5 minutes between turns. */
export const ABANDONED_AFTER_MS = 30 * 60_000;

/** What has ended by then and is not complete is abandoned. */
export function settledBefore(nowMs: number): Date {
  return new Date(nowMs - ABANDONED_AFTER_MS);
}

export function sessionState(
  facts: StateFacts,
  nowMs: number,
): { readonly state: SessionState; readonly reason: string } {
  if (facts.hasEnd) return { state: 'complete', reason: 'The end was told.' };
  if (facts.isComplete) return { state: 'complete', reason: 'The evaluation has begun.' };
  const restMs = nowMs - (facts.endedMs ?? facts.createdMs);
  if (restMs < ABANDONED_AFTER_MS)
    return { state: 'active', reason: 'Something happened in the last 30 minutes.' };
  return { state: 'abandoned', reason: 'Nothing has happened for 30 minutes, and the end was not told.' };
}
