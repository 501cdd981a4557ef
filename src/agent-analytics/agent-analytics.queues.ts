import { defineQueue } from '../platform/jobs/job-definition.js';

/** Housekeeping; copying Langfuse is the sync room's. */
export const AGENT_QUEUE = defineQueue({ name: 'agent-analytics', concurrency: 1, limiter: null });
