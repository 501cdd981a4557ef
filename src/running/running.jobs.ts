import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { BUILD_GHOST, REFRESH_GHOSTS, RENEW_GHOSTS } from './ghosts/ghosts.jobs.js';
import { SETTLE_RACES, WARM_RACES } from './races/races.jobs.js';
import { RUNNING_QUEUE } from './running.queues.js';

/** What running does in the background. */
export const RUNNING_JOBS: JobCatalog = {
  queues: [RUNNING_QUEUE],
  jobs: [BUILD_GHOST, REFRESH_GHOSTS, RENEW_GHOSTS, SETTLE_RACES, WARM_RACES],
  schedules: [
    { id: 'running.warm-races-often', job: WARM_RACES, payload: {}, due: { everyMs: 60_000 } },
    {
      id: 'running.renew-ghosts-daily',
      job: RENEW_GHOSTS,
      payload: {},
      due: { cron: '40 3 * * *', tz: 'UTC' },
    },
  ],
};
