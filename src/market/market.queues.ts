import { defineQueue } from '../platform/jobs/job-definition.js';

/**
 * Short work that readers wait for: rollups, housekeeping. Two at a time: a refresh keeps one connection of the system pool
 * busy, and rollups shall not take a machine from the API.
 */
export const MARKET_QUEUE = defineQueue({ name: 'market', concurrency: 2, limiter: null });

/** Hours of work; one at a time per process, so that it never stands in front of the others. */
export const MARKET_IMPORT_QUEUE = defineQueue({ name: 'market-imports', concurrency: 1, limiter: null });

/** Figures follow rollups with rests; one server at a time per process, so that the rests are the process's. */
export const MARKET_FIGURES_QUEUE = defineQueue({ name: 'market-figures', concurrency: 1, limiter: null });

/** Whole days go through gzip; one at a time per process. */
export const MARKET_DUMP_QUEUE = defineQueue({ name: 'market-dumps', concurrency: 1, limiter: null });

/** Alerts follow figures; one server at a time per process, beside what readers wait for. */
export const MARKET_ALERT_QUEUE = defineQueue({ name: 'market-alerts', concurrency: 1, limiter: null });
