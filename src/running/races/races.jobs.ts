import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_QUEUE } from '../running.queues.js';

/** Follows a run's track: the official results of the race that it was run in. */
export const SETTLE_RACES = defineJob({
  name: 'running.settle-races',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 60_000,
  dedupKey: ({ runId }) => runId,
});

/** Results that were judged by older rules are judged again. */
export const RENEW_RESULTS = defineJob({
  name: 'running.renew-results',
  queue: RUNNING_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 60_000,
  dedupKey: () => 'all',
});

/** Makes the ghosts of races ready that begin soon. */
export const WARM_RACES = defineJob({
  name: 'running.warm-races',
  queue: RUNNING_QUEUE.name,
  payload: z.object({}),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 60_000,
  dedupKey: () => 'all',
});
