import { defineQueue } from '../platform/jobs/job-definition.js';

/** Profiles of players, read from Bungie; the budget of calls is shared by all processes, so a few at a time suffice. */
export const DESTINY_QUEUE = defineQueue({ name: 'destiny', concurrency: 4, limiter: null });
