import type { Env } from '../platform/config/env.js';
import type { JobCatalog, ScheduleDefinition } from '../platform/jobs/job-catalog.js';
import { SWEEP_CAMPAIGNS } from './campaigns/campaigns.jobs.js';
import { POST_TO_DISCORD } from './discord/discord.jobs.js';
import { FILL_GENERATION } from './generators/generations.jobs.js';
import { IMPORT_OBJECTS } from './imports/campaign-import.jobs.js';
import { FEED_SEARCH_INDEX, TEND_SEARCH_INDEX } from './search-index/search-index.jobs.js';
import { EMBED_OBJECTS } from './search-vectors/vectors.jobs.js';
import { TABLETOP_GENERATION_QUEUE, TABLETOP_INDEX_QUEUE, TABLETOP_QUEUE } from './tabletop.queues.js';

const SWEEPING: ScheduleDefinition = {
  id: 'tabletop.sweep-campaigns-hourly',
  job: SWEEP_CAMPAIGNS,
  payload: {},
  due: { everyMs: 3_600_000 },
};
const TENDING: ScheduleDefinition = {
  id: 'tabletop.tend-search-index-each-minute',
  job: TEND_SEARCH_INDEX,
  payload: {},
  due: { everyMs: 60_000 },
};
const EMBEDDING: ScheduleDefinition = {
  id: 'tabletop.embed-objects-each-two-minutes',
  job: EMBED_OBJECTS,
  payload: {},
  due: { everyMs: 120_000 },
};

/** What the tabletop does in the background. What nothing is configured for is not in the calendar, and leaves it. */
export function tabletopJobs({ searchServer, ai }: Pick<Env, 'searchServer' | 'ai'>): JobCatalog {
  const configured = [
    { schedule: TENDING, isWanted: searchServer !== undefined },
    { schedule: EMBEDDING, isWanted: ai?.embeddingModel !== undefined },
  ];
  return {
    queues: [TABLETOP_QUEUE, TABLETOP_GENERATION_QUEUE, TABLETOP_INDEX_QUEUE],
    jobs: [
      SWEEP_CAMPAIGNS,
      POST_TO_DISCORD,
      FILL_GENERATION,
      IMPORT_OBJECTS,
      FEED_SEARCH_INDEX,
      TEND_SEARCH_INDEX,
      EMBED_OBJECTS,
    ],
    schedules: [SWEEPING, ...configured.filter(({ isWanted }) => isWanted).map(({ schedule }) => schedule)],
    retiredSchedules: configured.filter(({ isWanted }) => !isWanted).map(({ schedule }) => schedule.id),
  };
}
