import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { ANALYSE_RUN, REANALYSE_RUNS } from './analysis/analysis.jobs.js';
import { RUNNING_QUEUE } from './running.queues.js';

/** What running does in the background. */
export const RUNNING_JOBS: JobCatalog = {
  queues: [RUNNING_QUEUE],
  jobs: [ANALYSE_RUN, REANALYSE_RUNS],
  schedules: [
    { id: 'running.reanalyse-runs-hourly', job: REANALYSE_RUNS, payload: {}, due: { everyMs: 3_600_000 } },
  ],
};
