import { z } from 'zod';
import type { JobCatalog } from '../jobs/job-catalog.js';
import { defineJob, defineQueue } from '../jobs/job-definition.js';

/** Waits for upstreams most of the time; so many sources at once per process. */
export const SYNC_QUEUE = defineQueue({ name: 'platform-sync', concurrency: 4, limiter: null });

/**
 * Runs of accounts: a page or two each, and as many at once as the upstream's budget keeps busy. At 24 calls a second a run may take a
 * second, its wait for the budget included; with 16 it was two thirds, which a worker on busy cores does not keep (bench destiny-sync).
 */
export const SYNC_ACCOUNTS_QUEUE = defineQueue({
  name: 'platform-sync-accounts',
  concurrency: 24,
  limiter: null,
});

/** Moments; not behind runs that take hours. */
export const SYNC_SCHEDULE_QUEUE = defineQueue({
  name: 'platform-sync-schedule',
  concurrency: 1,
  limiter: null,
});

/**
 * One run, or a turn of a long one. A fault of the upstream ends the run, not the job: the run log tells of it, and the schedule tries again.
 * The attempts here are for faults of our own.
 */
export const RUN_SYNC = defineJob({
  name: 'platform.run-sync',
  queue: SYNC_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 4 * 3_600_000,
  dedupKey: ({ runId }) => runId,
});

/** The same for a source of a family. */
export const RUN_ACCOUNT_SYNC = defineJob({
  ...RUN_SYNC,
  name: 'platform.run-account-sync',
  queue: SYNC_ACCOUNTS_QUEUE.name,
});

/** Starts what is due, and takes up what lies about. */
export const START_DUE_SYNCS = defineJob({
  name: 'platform.start-due-syncs',
  queue: SYNC_SCHEDULE_QUEUE.name,
  /** null = of all sources. */
  payload: z.object({ sourceId: z.string().nullable() }),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 60_000,
  dedupKey: ({ sourceId }) => sourceId ?? '',
});

/** What the sync room does in the background. */
export const SYNC_JOBS: JobCatalog = {
  queues: [SYNC_QUEUE, SYNC_ACCOUNTS_QUEUE, SYNC_SCHEDULE_QUEUE],
  jobs: [RUN_SYNC, RUN_ACCOUNT_SYNC, START_DUE_SYNCS],
  schedules: [
    {
      id: 'platform.start-due-syncs-minutely',
      job: START_DUE_SYNCS,
      payload: { sourceId: null },
      due: { everyMs: 60_000 },
    },
  ],
};
