import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_QUEUE } from '../market.queues.js';

const id = z.number().int().positive();

/** Takes away the raw prices of an item that is gone. Enqueued by its removal, which knows the servers. */
export const SWEEP_ITEM = defineJob({
  name: 'market.sweep-item',
  queue: MARKET_QUEUE.name,
  payload: z.object({ itemId: id, serverIds: z.array(id) }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 600_000,
  dedupKey: ({ itemId }) => String(itemId),
});
