import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_GENERATION_QUEUE } from '../tabletop.queues.js';

/** Longest run; what is left then is done in the next one. */
export const EMBED_MS = 90_000;

/** Has a model read the texts of which there is no vector yet. Without pgvector or such a model it does nothing. */
export const EMBED_OBJECTS = defineJob({
  name: 'tabletop.embed-objects',
  queue: TABLETOP_GENERATION_QUEUE.name,
  payload: z.object({}),
  attempts: 1,
  backoff: { kind: 'fixed', delayMs: 1_000 },
  timeoutMs: 2 * EMBED_MS,
  dedupKey: () => 'all',
});
