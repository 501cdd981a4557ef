import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_QUEUE } from '../tabletop.queues.js';

/** Makes objects of a list or a folder of notes, in portions; a try that died goes on behind the last one. */
export const IMPORT_OBJECTS = defineJob({
  name: 'tabletop.import-objects',
  queue: TABLETOP_QUEUE.name,
  payload: z.object({ importId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 900_000,
  dedupKey: ({ importId }) => importId,
});
