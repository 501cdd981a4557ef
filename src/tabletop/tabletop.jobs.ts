import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { SWEEP_CAMPAIGNS } from './campaigns/campaigns.jobs.js';
import { POST_TO_DISCORD } from './discord/discord.jobs.js';
import { FILL_GENERATION } from './generators/generations.jobs.js';
import { IMPORT_OBJECTS } from './imports/campaign-import.jobs.js';
import { TABLETOP_GENERATION_QUEUE, TABLETOP_QUEUE } from './tabletop.queues.js';

/** What the tabletop does in the background. */
export const TABLETOP_JOBS: JobCatalog = {
  queues: [TABLETOP_QUEUE, TABLETOP_GENERATION_QUEUE],
  jobs: [SWEEP_CAMPAIGNS, POST_TO_DISCORD, FILL_GENERATION, IMPORT_OBJECTS],
  schedules: [
    { id: 'tabletop.sweep-campaigns-hourly', job: SWEEP_CAMPAIGNS, payload: {}, due: { everyMs: 3_600_000 } },
  ],
};
