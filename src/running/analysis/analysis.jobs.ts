import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_QUEUE } from '../running.queues.js';

/** Works out what rules say of a run's track: after every new version of it. Twice is once. */
export const ANALYSE_RUN = defineJob({
  name: 'running.analyse-run',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 6,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 120_000,
  dedupKey: ({ runId }) => runId,
});

/**
 * Brings analyses up to the rules of this release, and makes those that somebody's job did not: run by run, some hundred per job; the
 * next job goes on after the last id. Every hour.
 */
export const REANALYSE_RUNS = defineJob({
  name: 'running.reanalyse-runs',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ afterRunId: z.uuid().optional() }),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 10_000 },
  timeoutMs: 600_000,
  dedupKey: () => 'all',
});
