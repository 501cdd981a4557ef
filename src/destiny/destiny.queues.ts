import { defineQueue } from '../platform/jobs/job-definition.js';

/** Profiles of players, read from Bungie; the budget of calls is shared by all processes, so a few at a time suffice. */
export const DESTINY_QUEUE = defineQueue({ name: 'destiny', concurrency: 4, limiter: null });

/** Hundreds of megabytes; one import at a time per process, so that it never stands in front of the others. */
export const DESTINY_MANIFEST_QUEUE = defineQueue({
  name: 'destiny-manifest',
  concurrency: 1,
  limiter: null,
});
