import { defineQueue } from '../platform/jobs/job-definition.js';

/** What follows a change in a campaign, and what takes longer than an answer may. */
export const TABLETOP_QUEUE = defineQueue({ name: 'tabletop', concurrency: 2, limiter: null });
