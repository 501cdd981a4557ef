import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { MARKET_QUEUE } from '../market.queues.js';

const nothing = z.object({});

/** Brings a server's rollups up to its raw prices. Enqueued by whatever marks days; waiting ones of a server are one. */
export const REFRESH_ROLLUPS = defineJob({
  name: 'market.refresh-rollups',
  queue: MARKET_QUEUE.name,
  payload: z.object({ serverId: z.number().int().positive() }),
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 500 },
  timeoutMs: 120_000,
  dedupKey: ({ serverId }) => String(serverId),
});

/**
 * Has every server refreshed that has marked days or whose windows stand for a day gone by. At UTC midnight, at a start, and
 * every minute in case that somebody's refresh was lost (a job that died, a simulation).
 */
export const ROLL_OVER = defineJob({
  name: 'market.roll-over',
  queue: MARKET_QUEUE.name,
  payload: nothing,
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});

/** Once a day: the partitions of this and the next two months. */
export const MAKE_PARTITIONS = defineJob({
  name: 'market.make-partitions',
  queue: MARKET_QUEUE.name,
  payload: nothing,
  attempts: 8,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});

/** Once a day: raw months older than MARKET_RAW_MONTHS leave the history. Gives way to writers, hence the patience. */
export const DETACH_RAW = defineJob({
  name: 'market.detach-raw',
  queue: MARKET_QUEUE.name,
  payload: nothing,
  attempts: 6,
  backoff: { kind: 'fixed', delayMs: 60_000 },
  timeoutMs: 300_000,
  dedupKey: () => 'all',
});
