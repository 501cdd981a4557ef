import { defineQueue } from '../platform/jobs/job-definition.js';

/** Hundreds of megabytes; one import at a time per process, so that it never stands in front of the others. */
export const DESTINY_MANIFEST_QUEUE = defineQueue({
  name: 'destiny-manifest',
  concurrency: 1,
  limiter: null,
});
