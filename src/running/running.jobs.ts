import type { JobCatalog } from '../platform/jobs/job-catalog.js';

/** What running does in the background. */
export const RUNNING_JOBS: JobCatalog = {
  queues: [],
  jobs: [],
  schedules: [],
};
