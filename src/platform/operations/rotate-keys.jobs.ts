import { z } from 'zod';
import { defineJob } from '../jobs/job-definition.js';
import { PLATFORM_QUEUE } from './platform.queues.js';

/** Wraps all data keys by the newest SECRETS_KEY. Enqueued by a worker that starts and finds older ones in use. */
export const ROTATE_KEYS = defineJob({
  name: 'platform.rotate-keys',
  queue: PLATFORM_QUEUE.name,
  payload: z.object({}),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 3_600_000,
  dedupKey: () => 'all',
});
