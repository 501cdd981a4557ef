import { defineQueue } from '../platform/jobs/job-definition.js';

/** Short work that readers wait for: rollups, housekeeping. */
export const MARKET_QUEUE = defineQueue({ name: 'market', concurrency: 4, limiter: null });

/** Hours of work; one at a time per process, so that it never stands in front of the others. */
export const MARKET_IMPORT_QUEUE = defineQueue({ name: 'market-imports', concurrency: 1, limiter: null });
