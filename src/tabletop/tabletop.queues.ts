import { defineQueue } from '../platform/jobs/job-definition.js';

/** What follows a change in a campaign, and what takes longer than an answer may. */
export const TABLETOP_QUEUE = defineQueue({ name: 'tabletop', concurrency: 2, limiter: null });

/** Models write for as long as they like; nothing else waits for them. */
export const TABLETOP_GENERATION_QUEUE = defineQueue({
  name: 'tabletop-generation',
  concurrency: 2,
  limiter: null,
});

/** The search server may be slow or gone; nothing else waits for it. */
export const TABLETOP_INDEX_QUEUE = defineQueue({ name: 'tabletop-index', concurrency: 2, limiter: null });
