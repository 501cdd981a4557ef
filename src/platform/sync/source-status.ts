// What is said of a source: in one word. Whether the copy is current is a matter of incremental runs alone: a reconcile may take hours, and
// one that has failed, or a verification, says nothing of it; those stand in the run log.

export type SourceState = 'running' | 'idle' | 'rate_limited' | 'error' | 'unknown';

export interface StatusFacts {
  readonly nowMs: number;
  /** The active runs. */
  readonly active: readonly {
    readonly state: string;
    readonly aliveMs: number;
    readonly retryMs: number | null;
  }[];
  /** The newest incremental run that has ended and was not cancelled. */
  readonly last: { readonly state: string; readonly error: string | null } | null;
}

export interface Status {
  readonly state: SourceState;
  /** Of `rate_limited`: when it goes on. */
  readonly retryMs: number | null;
  readonly error: string | null;
}

/** A run of which nobody has taken notice for so long does not count as running: whoever waits for it would wait for ever. */
const ABANDONED_MS = 300_000;
const ABANDONED = 'A run waits, and no worker takes it up.';

export function statusOf({ nowMs, active, last }: StatusFacts): Status {
  const live = active.filter(({ aliveMs }) => nowMs - aliveMs < ABANDONED_MS);
  const resting = live.find(({ state }) => state === 'rate_limited');
  if (resting) return { state: 'rate_limited', retryMs: resting.retryMs, error: null };
  if (live.length > 0) return { state: 'running', retryMs: null, error: null };
  if (active.length > 0) return { state: 'error', retryMs: null, error: ABANDONED };
  if (last === null) return { state: 'unknown', retryMs: null, error: null };
  if (last.state === 'failed') return { state: 'error', retryMs: null, error: last.error };
  return { state: 'idle', retryMs: null, error: null };
}
