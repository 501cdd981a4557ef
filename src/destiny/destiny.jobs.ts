import type { JobCatalog } from '../platform/jobs/job-catalog.js';

/** What Destiny does in the background. */
export const DESTINY_JOBS: JobCatalog = { queues: [], jobs: [], schedules: [] };
