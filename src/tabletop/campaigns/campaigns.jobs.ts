import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_QUEUE } from '../tabletop.queues.js';

/** Forgets for good what was deleted so long ago that nobody may restore it, and what logs need not keep. */
export const SWEEP_CAMPAIGNS = defineJob({
  name: 'tabletop.sweep-campaigns',
  queue: TABLETOP_QUEUE.name,
  payload: z.object({}),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 10_000 },
  timeoutMs: 300_000,
  dedupKey: () => 'all',
});
