import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_QUEUE } from '../running.queues.js';

/** Puts a run to its route, or makes one of it: after every new version of its track. Twice is once. */
export const MATCH_RUN = defineJob({
  name: 'running.match-run',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 6,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 120_000,
  dedupKey: ({ runId }) => runId,
});

/** Looks which earlier runs went over a route that is new, or that runs otherwise now. Twice is once. */
export const MATCH_ROUTE = defineJob({
  name: 'running.match-route',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ routeId: z.uuid() }),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 300_000,
  dedupKey: ({ routeId }) => routeId,
});
