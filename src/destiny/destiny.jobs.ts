import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { DESTINY_MANIFEST_QUEUE } from './destiny.queues.js';
import { IMPORT_MANIFEST } from './manifest/manifest.jobs.js';

/** What Destiny does in the background. */
export const DESTINY_JOBS: JobCatalog = {
  queues: [DESTINY_MANIFEST_QUEUE],
  jobs: [IMPORT_MANIFEST],
  schedules: [
    // After the game's daily reset at 17:00 UTC, with which new versions come.
    {
      id: 'destiny.import-manifest-daily',
      job: IMPORT_MANIFEST,
      payload: {},
      due: { cron: '20 17 * * *', tz: 'UTC' },
    },
  ],
};
