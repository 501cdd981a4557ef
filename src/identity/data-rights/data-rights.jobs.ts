import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { DATA_RIGHTS_QUEUE, EXPORTS_QUEUE } from '../identity.queues.js';

/** Writes all that an account has here into a zip, which becomes the file of this id. */
export const EXPORT_ACCOUNT = defineJob({
  name: 'identity.export-account',
  queue: EXPORTS_QUEUE.name,
  payload: z.object({ accountId: z.uuid(), fileId: z.uuid() }),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 3 * 3_600_000,
  dedupKey: ({ accountId }) => accountId,
});

/** Handler by handler, from where the last try was stopped. */
export const ERASE_ACCOUNT = defineJob({
  name: 'identity.erase-account',
  queue: DATA_RIGHTS_QUEUE.name,
  payload: z.object({ accountId: z.uuid() }),
  attempts: 10,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 3_600_000,
  dedupKey: ({ accountId }) => accountId,
});

/** Starts again what died on its way, and goes once more behind what has ended. */
export const SWEEP_ERASURES = defineJob({
  name: 'identity.sweep-erasures',
  queue: DATA_RIGHTS_QUEUE.name,
  payload: z.object({}),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 30_000 },
  timeoutMs: 3_600_000,
  dedupKey: () => 'all',
});
