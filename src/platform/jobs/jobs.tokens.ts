export const QUEUE_BACKEND = Symbol('QueueBackend');
export const JOBS_OPTIONS = Symbol('JobsOptions');

/** How this process takes part in background work. */
export interface JobsOptions {
  /** Runs the relay, the workers and the schedules (roles worker and all). */
  readonly isWorker: boolean;
  /** A worker that says nothing for so long is taken for dead; its jobs are run again after at most twice that. */
  readonly lockMs: number;
  /** After SIGTERM jobs may go on for so long before they are told to stop. */
  readonly graceMs: number;
}
