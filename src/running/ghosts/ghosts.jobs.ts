import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { RUNNING_QUEUE } from '../running.queues.js';

/** Makes a ghost's curve of what its runs are now. */
export const BUILD_GHOST = defineJob({
  name: 'running.build-ghost',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ ghostId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 60_000,
  dedupKey: ({ ghostId }) => ghostId,
});

/** Follows a run's track: ghosts that are made of it get another curve. */
export const REFRESH_GHOSTS = defineJob({
  name: 'running.refresh-ghosts',
  queue: RUNNING_QUEUE.name,
  payload: z.object({ runId: z.uuid() }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 2 * 60_000,
  dedupKey: ({ runId }) => runId,
});

/** Ghosts whose curve was made by older rules get another one. */
export const RENEW_GHOSTS = defineJob({
  name: 'running.renew-ghosts',
  queue: RUNNING_QUEUE.name,
  payload: z.object({}),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 1_000 },
  timeoutMs: 5 * 60_000,
  dedupKey: () => 'all',
});
