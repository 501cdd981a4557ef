import { defineQueue } from '../platform/jobs/job-definition.js';

/** Mails and housekeeping. A mail server may be slow; two do not stand in each other's way. */
export const IDENTITY_QUEUE = defineQueue({ name: 'identity', concurrency: 2, limiter: null });

/** Erasures: long, and one at a time per process, so that they take little from anybody. */
export const DATA_RIGHTS_QUEUE = defineQueue({
  name: 'identity-data-rights',
  concurrency: 1,
  limiter: null,
});

/** Exports, in the same way: they may take hours, and no erasure waits behind them. */
export const EXPORTS_QUEUE = defineQueue({ name: 'identity-exports', concurrency: 1, limiter: null });
