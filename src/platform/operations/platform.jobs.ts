import type { JobCatalog } from '../jobs/job-catalog.js';
import { SWEEP_FILES } from './files/sweep-files.jobs.js';
import { PLATFORM_QUEUE } from './platform.queues.js';
import { ROTATE_KEYS } from './rotate-keys.jobs.js';

/** What the platform does in the background on its own account. */
export const PLATFORM_JOBS: JobCatalog = {
  queues: [PLATFORM_QUEUE],
  jobs: [ROTATE_KEYS, SWEEP_FILES],
  schedules: [
    {
      id: 'platform.sweep-files-hourly',
      job: SWEEP_FILES,
      payload: {},
      due: { cron: '37 * * * *', tz: 'UTC' },
    },
  ],
};
