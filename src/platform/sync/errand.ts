import type { Reading, SyncPosition } from './sync-position.js';
import type { Scan } from './sync-scans.repository.js';
import type { SyncStream, SyncWindow } from './sync-source.js';
import type { HeldRun } from './sync-holds.service.js';

/** One stream of one run, in this worker's hands. */
export interface Errand extends Scan {
  readonly run: HeldRun;
  readonly source: { readonly pagePauseMs: number };
  readonly of: SyncStream;
  readonly reading: Reading;
  /** When the window was frozen. */
  readonly frozenAtMs: number;
  /** Cancellation, shutdown, loss of the run. */
  readonly signal: AbortSignal;
}

/** The span that is being read, as a whole. */
export function spanOf({ spanFromMs, spanToMs }: SyncPosition): SyncWindow {
  return { from: new Date(spanFromMs), to: new Date(spanToMs) };
}
