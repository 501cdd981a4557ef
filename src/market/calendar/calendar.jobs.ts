import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_QUEUE } from '../market.queues.js';

/** Once a day: the days ahead, from where MARKET_CALENDAR_URL says. Goes on where the last try of the day stopped. */
export const REFRESH_CALENDAR = defineJob({
  name: 'market.refresh-calendar',
  queue: MARKET_QUEUE.name,
  payload: z.object({}),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 60_000 },
  timeoutMs: 5 * 60_000,
  dedupKey: () => 'all',
});
