import { defineQueue } from '../jobs/job-definition.js';

/** The platform's own upkeep: rare, and nobody waits for it. */
export const PLATFORM_QUEUE = defineQueue({ name: 'platform', concurrency: 1, limiter: null });
