import { defineQueue } from '../platform/jobs/job-definition.js';

/** Alerts follow runs; one project at a time per process. */
export const AGENT_ALERT_QUEUE = defineQueue({
  name: 'agent-analytics-alerts',
  concurrency: 1,
  limiter: null,
});

/** What operators ask for and takes long; nothing else waits behind it. */
export const AGENT_BULK_QUEUE = defineQueue({
  name: 'agent-analytics-bulk',
  concurrency: 1,
  limiter: null,
});

/** Housekeeping; copying Langfuse is the sync room's. */
export const AGENT_QUEUE = defineQueue({ name: 'agent-analytics', concurrency: 1, limiter: null });
