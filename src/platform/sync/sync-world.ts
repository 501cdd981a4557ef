export const SYNC_WORLD = Symbol('SyncWorld');

/** What the engine depends on besides the database; tests bring their own. */
export interface SyncWorld {
  /** Unix milliseconds where a test has a clock of its own; null = the database's. */
  nowMs(): number | null;
  /** Milliseconds that only ever grow, for durations. */
  elapsedMs(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  readonly times: SyncTimes;
}

export interface SyncTimes {
  /** Between two signs of life of a run. */
  readonly heartbeatMs: number;
  /** A run without a sign of life for so long has lost its worker. */
  readonly staleMs: number;
  /** No page takes longer than this, whatever its source says. */
  readonly pageMs: number;
  /** A worker waits so long for an upstream that asks for patience; what takes longer is left to a later job. */
  readonly patienceMs: number;
  /** After so long a run lets others of its source go first: nobody's new rows wait for a backfill of hours. */
  readonly turnMs: number;
}

export const SYNC_TIMES: SyncTimes = {
  heartbeatMs: 10_000,
  staleMs: 60_000,
  pageMs: 120_000,
  patienceMs: 120_000,
  turnMs: 300_000,
};
