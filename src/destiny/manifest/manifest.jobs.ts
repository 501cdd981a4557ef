import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { DESTINY_MANIFEST_QUEUE } from '../destiny.queues.js';

/**
 * Looks whether Bungie has another version of the manifest, and imports it. Daily, at a start, and when somebody asks; where the newest
 * one is current already, nothing happens. A try that died goes on with the table it was at.
 */
export const IMPORT_MANIFEST = defineJob({
  name: 'destiny.import-manifest',
  queue: DESTINY_MANIFEST_QUEUE.name,
  payload: z.object({}),
  attempts: 4,
  backoff: { kind: 'exponential', delayMs: 15_000 },
  timeoutMs: 4 * 3_600_000,
  dedupKey: () => 'all',
});
