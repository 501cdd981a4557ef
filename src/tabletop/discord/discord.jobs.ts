import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { TABLETOP_QUEUE } from '../tabletop.queues.js';

/** Says the parts of a post that wait, one after the other. Goes on in a job of its own when Discord asks for patience. */
export const POST_TO_DISCORD = defineJob({
  name: 'tabletop.post-to-discord',
  queue: TABLETOP_QUEUE.name,
  payload: z.object({ postId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 120_000,
  dedupKey: ({ postId }) => postId,
});
