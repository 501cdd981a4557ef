import { defineQueue } from '../platform/jobs/job-definition.js';

/** What follows a run: short work that its runner waits for. */
export const RUNNING_QUEUE = defineQueue({ name: 'running', concurrency: 4, limiter: null });
