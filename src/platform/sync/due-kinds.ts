import type { KindFacts } from './sync-runs.repository.js';
import type { SyncKind } from './sync-window.js';

// When a source is due. Each kind counts from the end of its last run; reconcile and verify from the first complete incremental run on.

export interface KindState {
  readonly isActive: boolean;
  readonly lastState: 'succeeded' | 'failed' | 'cancelled' | null;
  readonly lastFinishedMs: number | null;
  /** Of the runs that are still remembered. */
  readonly firstSucceededMs: number | null;
}

export interface DueTerms {
  readonly intervalMs: number;
  readonly reconcileEveryMs: number | null;
  readonly verifyEveryMs: number | null;
}

/** After a failure a slow kind is tried again sooner than its own interval says. */
const RETRY_WITHIN_MS = 3_600_000;

/** When the next run of the kind begins by itself; null = not before something else happens. */
export function dueAt(
  kind: SyncKind,
  terms: DueTerms,
  states: Readonly<Record<SyncKind, KindState>>,
): number | null {
  const everyMs = intervalOf(kind, terms);
  const { isActive, lastState, lastFinishedMs } = states[kind];
  if (everyMs === null || isActive) return null;
  if (kind === 'incremental') return lastFinishedMs === null ? -Infinity : lastFinishedMs + everyMs;
  const { firstSucceededMs } = states.incremental;
  if (firstSucceededMs === null) return null;
  if (lastFinishedMs === null) return firstSucceededMs + everyMs;
  return lastFinishedMs + (lastState === 'failed' ? Math.min(everyMs, RETRY_WITHIN_MS) : everyMs);
}

function intervalOf(kind: SyncKind, terms: DueTerms): number | null {
  if (kind === 'incremental') return terms.intervalMs;
  if (kind === 'reconcile') return terms.reconcileEveryMs;
  return kind === 'verify' ? terms.verifyEveryMs : null;
}

/** @param facts of one source */
export function kindStatesOf(facts: readonly KindFacts[]): Record<SyncKind, KindState> {
  const stateOf = (kind: SyncKind): KindState => {
    const fact = facts.find((known) => known.kind === kind);
    return {
      isActive: fact?.isActive ?? false,
      lastState: fact?.lastState ?? null,
      lastFinishedMs: fact?.lastFinishedAt?.getTime() ?? null,
      firstSucceededMs: fact?.firstSucceededAt?.getTime() ?? null,
    };
  };
  return {
    incremental: stateOf('incremental'),
    backfill: stateOf('backfill'),
    reconcile: stateOf('reconcile'),
    verify: stateOf('verify'),
  };
}
