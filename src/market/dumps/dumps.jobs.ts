import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_DUMP_QUEUE } from '../market.queues.js';

/** Hourly: the day that is over, and days that have changed since. A try that is cut short goes on with the next day. */
export const MAKE_DUMPS = defineJob({
  name: 'market.make-dumps',
  queue: MARKET_DUMP_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 10_000 },
  timeoutMs: 2 * 3_600_000,
  dedupKey: () => 'all',
});
