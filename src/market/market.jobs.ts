import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { IMPORT_HISTORY } from './imports/imports.jobs.js';
import { MARKET_IMPORT_QUEUE, MARKET_QUEUE } from './market.queues.js';

export const MARKET_JOBS: JobCatalog = {
  queues: [MARKET_QUEUE, MARKET_IMPORT_QUEUE],
  jobs: [IMPORT_HISTORY],
  schedules: [],
};
