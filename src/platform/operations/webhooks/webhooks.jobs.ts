import { z } from 'zod';
import type { JobCatalog } from '../../jobs/job-catalog.js';
import { defineJob, defineQueue } from '../../jobs/job-definition.js';

/** Waits for other people's servers most of the time; several at once, so that a slow one does not hold up the others. */
export const WEBHOOK_QUEUE = defineQueue({ name: 'platform-webhooks', concurrency: 4, limiter: null });

/**
 * One try of one delivery. A try that the receiver fails ends this job well and leaves a new one for later, since the wait is the
 * delivery's and the receiver's to choose; the attempts here are for faults of our own.
 */
export const DELIVER_WEBHOOK = defineJob({
  name: 'platform.deliver-webhook',
  queue: WEBHOOK_QUEUE.name,
  payload: z.object({ deliveryId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 30_000,
  dedupKey: null,
});

/** Once a day: deliveries that nobody brings any more, and those that nobody will ask about. */
export const FORGET_DELIVERIES = defineJob({
  name: 'platform.forget-deliveries',
  queue: WEBHOOK_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});

/** What webhooks need in the background. */
export const WEBHOOK_JOBS: JobCatalog = {
  queues: [WEBHOOK_QUEUE],
  jobs: [DELIVER_WEBHOOK, FORGET_DELIVERIES],
  schedules: [
    {
      id: 'platform.forget-deliveries-daily',
      job: FORGET_DELIVERIES,
      payload: {},
      due: { cron: '10 2 * * *', tz: 'UTC' },
    },
  ],
};
