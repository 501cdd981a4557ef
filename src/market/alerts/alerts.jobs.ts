import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_ALERT_QUEUE } from '../market.queues.js';

/** Asks every alert of a server whose figures have moved. Enqueued by whatever moves them; waiting ones of a server are one. */
export const EVALUATE_ALERTS = defineJob({
  name: 'market.evaluate-alerts',
  queue: MARKET_ALERT_QUEUE.name,
  payload: z.object({ serverId: z.number().int().positive() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 120_000,
  dedupKey: ({ serverId }) => String(serverId),
});

/** Every quarter of an hour: servers with alerts that wait for an evaluation whose job was lost. */
export const SWEEP_ALERTS = defineJob({
  name: 'market.sweep-alerts',
  queue: MARKET_ALERT_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});
