import type { JobDefinition } from '../../platform/jobs/job-definition.js';
import { ANALYSE_RUN } from '../analysis/analysis.jobs.js';
import { REFRESH_GHOSTS } from '../ghosts/ghosts.jobs.js';
import { MATCH_RUN } from '../routes/routes.jobs.js';
import { SETTLE_RACES } from '../races/races.jobs.js';

/** What is worked out from a track: each job is enqueued whenever a run has got another one, in the transaction of that. */
export const RUN_FOLLOWERS: readonly JobDefinition<{ runId: string }>[] = [
  ANALYSE_RUN,
  REFRESH_GHOSTS,
  SETTLE_RACES,
  MATCH_RUN,
];
