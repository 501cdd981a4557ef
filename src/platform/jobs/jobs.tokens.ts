export const QUEUE_BACKEND = Symbol('QueueBackend');
export const JOBS_TARGET = Symbol('JobsTarget');
export const JOBS_OPTIONS = Symbol('JobsOptions');

/** How this process takes part in background work. */
export interface JobsOptions {
  /** Runs the relay, the workers and the schedules (roles worker and all). */
  readonly isWorker: boolean;
  /** A worker that says nothing for so long is taken for dead; its jobs are run again after at most twice that. */
  readonly lockMs: number;
  /** After SIGTERM jobs may go on for so long before they are told to stop. */
  readonly graceMs: number;
  /** Where the relay's own times would be too long, as in tests. */
  readonly relay?: Partial<RelayTimes>;
  /** How often the calendar is compared with the catalogue: a flushed Redis forgets it. */
  readonly renewSchedulesEveryMs?: number;
}

export interface RelayTimes {
  /** Longest wait for news, when every ring was lost. */
  readonly pollMs: number;
  readonly sweepEveryMs: number;
  /** What was handed over so long ago is asked after. */
  readonly overdueMs: number;
}
