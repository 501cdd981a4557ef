import type { JobCatalog } from '../platform/jobs/job-catalog.js';
import { AGENT_ALERT_QUEUE, AGENT_BULK_QUEUE, AGENT_QUEUE } from './agent-analytics.queues.js';
import { JUDGE_AGENT_ALERTS } from './alerts/alerts.jobs.js';
import { IMPORT_EXPORT, REBUILD_FIGURES } from './bulk/bulk.jobs.js';
import { DROP_PAYLOADS } from './store/payloads.jobs.js';

/** What agent analytics does in the background, besides copying. */
export const AGENT_ANALYTICS_JOBS: JobCatalog = {
  queues: [AGENT_QUEUE, AGENT_ALERT_QUEUE, AGENT_BULK_QUEUE],
  jobs: [DROP_PAYLOADS, JUDGE_AGENT_ALERTS, REBUILD_FIGURES, IMPORT_EXPORT],
  schedules: [
    {
      id: 'agents.drop-payloads-daily',
      job: DROP_PAYLOADS,
      payload: {},
      due: { cron: '50 1 * * *', tz: 'UTC' },
    },
  ],
};
