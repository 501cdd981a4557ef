import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_QUEUE } from '../running.queues.js';

/** Makes a run's track of everything that its device has sent: at the finish, and again whenever something comes late. */
export const FOLD_RUN = defineJob({
  name: 'running.fold-run',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 120_000,
  dedupKey: ({ runId }) => runId,
});

/** Finishes recordings that nobody went on with, and forgets tombstones whose time is over. */
export const SWEEP_RECORDINGS = defineJob({
  name: 'running.sweep-recordings',
  queue: RUNNING_QUEUE.name,
  payload: z.object({}),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 10_000 },
  timeoutMs: 300_000,
  dedupKey: () => 'all',
});
