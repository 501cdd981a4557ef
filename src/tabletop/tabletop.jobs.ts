import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { SWEEP_CAMPAIGNS } from './campaigns/campaigns.jobs.js';
import { TABLETOP_QUEUE } from './tabletop.queues.js';

/** What the tabletop does in the background. */
export const TABLETOP_JOBS: JobCatalog = {
  queues: [TABLETOP_QUEUE],
  jobs: [SWEEP_CAMPAIGNS],
  schedules: [
    { id: 'tabletop.sweep-campaigns-hourly', job: SWEEP_CAMPAIGNS, payload: {}, due: { everyMs: 3_600_000 } },
  ],
};
