import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_IMPORT_QUEUE } from '../running.queues.js';

/** A try that died goes on with the file of the archive at which it was. */
export const IMPORT_RUNS = defineJob({
  name: 'running.import-runs',
  queue: RUNNING_IMPORT_QUEUE.name,
  payload: z.object({ importId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 3_600_000,
  dedupKey: ({ importId }) => importId,
});
