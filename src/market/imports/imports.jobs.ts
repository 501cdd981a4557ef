import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_IMPORT_QUEUE, MARKET_QUEUE } from '../market.queues.js';

export const IMPORT_HISTORY = defineJob({
  name: 'market.import-history',
  queue: MARKET_IMPORT_QUEUE.name,
  payload: z.object({ importId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 6 * 3_600_000,
  dedupKey: ({ importId }) => importId,
});

/** Gives up uploads that nobody went on with, and stopped imports that nobody started again. */
export const EXPIRE_IMPORTS = defineJob({
  name: 'market.expire-imports',
  queue: MARKET_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 5 * 60_000,
  dedupKey: () => 'all',
});
