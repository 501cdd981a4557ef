import { defineQueue } from '../platform/jobs/job-definition.js';

/** What operators ask for and takes long; nothing else waits behind it. */
export const AGENT_BULK_QUEUE = defineQueue({
  name: 'agent-analytics-bulk',
  concurrency: 1,
  limiter: null,
});

/** Housekeeping; copying Langfuse is the sync room's. */
export const AGENT_QUEUE = defineQueue({ name: 'agent-analytics', concurrency: 1, limiter: null });
