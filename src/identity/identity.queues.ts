import { defineQueue } from '../platform/jobs/job-definition.js';

/** Mails and housekeeping. A mail server may be slow; two do not stand in each other's way. */
export const IDENTITY_QUEUE = defineQueue({ name: 'identity', concurrency: 2, limiter: null });
