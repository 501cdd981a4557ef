import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { TABLETOP_QUEUE } from './tabletop.queues.js';

/** What the tabletop does in the background. */
export const TABLETOP_JOBS: JobCatalog = {
  queues: [TABLETOP_QUEUE],
  jobs: [],
  schedules: [],
};
