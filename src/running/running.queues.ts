import { defineQueue } from '../platform/jobs/job-definition.js';

/** What follows a run: short work that its runner waits for. */
export const RUNNING_QUEUE = defineQueue({ name: 'running', concurrency: 4, limiter: null });

/** Files of runs: seconds to minutes each, and the memory of a file at a time. */
export const RUNNING_IMPORT_QUEUE = defineQueue({ name: 'running-imports', concurrency: 1, limiter: null });
