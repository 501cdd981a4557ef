import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_FIGURES_QUEUE } from '../market.queues.js';

/** Brings a server's kept figures up to its days. Enqueued by whatever changes days; waiting ones of a server are one. */
export const REFRESH_FIGURES = defineJob({
  name: 'market.refresh-figures',
  queue: MARKET_FIGURES_QUEUE.name,
  payload: z.object({ serverId: z.number().int().positive() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 500 },
  timeoutMs: 600_000,
  dedupKey: ({ serverId }) => String(serverId),
});
