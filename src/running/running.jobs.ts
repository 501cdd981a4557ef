import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { RUNNING_QUEUE } from './running.queues.js';

/** What running does in the background. */
export const RUNNING_JOBS: JobCatalog = {
  queues: [RUNNING_QUEUE],
  jobs: [],
  schedules: [],
};
