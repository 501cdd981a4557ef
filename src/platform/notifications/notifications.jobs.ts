import { z } from 'zod';
import type { JobCatalog } from '../jobs/job-catalog.js';
import { defineJob, defineQueue } from '../jobs/job-definition.js';

/** Waits for other people's servers most of the time; several at once, so that a slow one does not hold up the others. */
export const NOTIFICATION_QUEUE = defineQueue({
  name: 'platform-notifications',
  concurrency: 4,
  limiter: null,
});

/**
 * One try of one delivery. A try that the receiver fails ends this job well and leaves a new one for later; the attempts here are
 * for faults of our own.
 */
export const DELIVER_NOTIFICATION = defineJob({
  name: 'platform.deliver-notification',
  queue: NOTIFICATION_QUEUE.name,
  payload: z.object({ deliveryId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 45_000,
  dedupKey: null,
});

/** Once a day: what nobody will look for any more, and deliveries that nobody brings. */
export const FORGET_NOTIFICATIONS = defineJob({
  name: 'platform.forget-notifications',
  queue: NOTIFICATION_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 120_000,
  dedupKey: () => 'all',
});

/** What notifications need in the background. */
export const NOTIFICATION_JOBS: JobCatalog = {
  queues: [NOTIFICATION_QUEUE],
  jobs: [DELIVER_NOTIFICATION, FORGET_NOTIFICATIONS],
  schedules: [
    {
      id: 'platform.forget-notifications-daily',
      job: FORGET_NOTIFICATIONS,
      payload: {},
      due: { cron: '25 2 * * *', tz: 'UTC' },
    },
  ],
};
