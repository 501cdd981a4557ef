import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_GENERATION_QUEUE } from '../tabletop.queues.js';

export const FILL_ATTEMPTS = 3;

/** Goes on with a draft that a model did not write in the time of a request; ends in a draft whatever the model does. */
export const FILL_GENERATION = defineJob({
  name: 'tabletop.fill-generation',
  queue: TABLETOP_GENERATION_QUEUE.name,
  payload: z.object({ generationId: z.uuid() }),
  attempts: FILL_ATTEMPTS,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 120_000,
  dedupKey: ({ generationId }) => generationId,
});
