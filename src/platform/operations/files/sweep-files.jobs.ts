import { z } from 'zod';
import { defineJob } from '../../jobs/job-definition.js';
import { PLATFORM_QUEUE } from '../platform.queues.js';

/** Files that have expired, and bytes that belong to no row. */
export const SWEEP_FILES = defineJob({
  name: 'platform.sweep-files',
  queue: PLATFORM_QUEUE.name,
  payload: z.object({}),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 60_000 },
  timeoutMs: 1_800_000,
  dedupKey: () => 'all',
});
