import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { ANALYSE_RUN, REANALYSE_RUNS } from './analysis/analysis.jobs.js';
import { BUILD_GHOST, REFRESH_GHOSTS, RENEW_GHOSTS } from './ghosts/ghosts.jobs.js';
import { RENEW_RESULTS, SETTLE_RACES, WARM_RACES } from './races/races.jobs.js';
import { FOLD_RUN, SWEEP_RECORDINGS } from './recordings/recordings.jobs.js';
import { IMPORT_RUNS } from './files/run-import.jobs.js';
import { MATCH_ROUTE, MATCH_RUN } from './routes/routes.jobs.js';
import { RUNNING_IMPORT_QUEUE, RUNNING_QUEUE } from './running.queues.js';

/** What running does in the background. */
export const RUNNING_JOBS: JobCatalog = {
  queues: [RUNNING_QUEUE, RUNNING_IMPORT_QUEUE],
  jobs: [
    IMPORT_RUNS,
    ANALYSE_RUN,
    REANALYSE_RUNS,
    BUILD_GHOST,
    REFRESH_GHOSTS,
    RENEW_GHOSTS,
    SETTLE_RACES,
    RENEW_RESULTS,
    WARM_RACES,
    FOLD_RUN,
    SWEEP_RECORDINGS,
    MATCH_RUN,
    MATCH_ROUTE,
  ],
  schedules: [
    {
      id: 'running.sweep-recordings-hourly',
      job: SWEEP_RECORDINGS,
      payload: {},
      due: { everyMs: 3_600_000 },
    },
    { id: 'running.reanalyse-runs-hourly', job: REANALYSE_RUNS, payload: {}, due: { everyMs: 3_600_000 } },
    { id: 'running.renew-results-hourly', job: RENEW_RESULTS, payload: {}, due: { everyMs: 3_600_000 } },
    { id: 'running.warm-races-often', job: WARM_RACES, payload: {}, due: { everyMs: 60_000 } },
    {
      id: 'running.renew-ghosts-daily',
      job: RENEW_GHOSTS,
      payload: {},
      due: { cron: '40 3 * * *', tz: 'UTC' },
    },
  ],
};
