import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_IMPORT_QUEUE } from '../market.queues.js';

export const IMPORT_HISTORY = defineJob({
  name: 'market.import-history',
  queue: MARKET_IMPORT_QUEUE.name,
  payload: z.object({ importId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 6 * 3_600_000,
  dedupKey: ({ importId }) => importId,
});
