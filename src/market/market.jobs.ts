import { defineQueue } from '../platform/jobs/job-definition.js';
import type { JobCatalog } from '../platform/jobs/job-catalog.js';

const MARKET_QUEUE = defineQueue({ name: 'market', concurrency: 4, limiter: null });

export const MARKET_JOBS: JobCatalog = { queues: [MARKET_QUEUE], jobs: [], schedules: [] };
