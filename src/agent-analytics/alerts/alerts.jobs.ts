import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { AGENT_ALERT_QUEUE } from '../agent-analytics.queues.js';

/** Judges every alert of a project. Asked for by each rebuild and each run that ends well and by new alerts; waiting ones of a project are one. */
export const JUDGE_AGENT_ALERTS = defineJob({
  name: 'agents.judge-alerts',
  queue: AGENT_ALERT_QUEUE.name,
  payload: z.object({ projectId: z.string().min(1).max(200) }),
  attempts: 5,
  backoff: { kind: 'exponential', delayMs: 2_000 },
  timeoutMs: 120_000,
  dedupKey: ({ projectId }) => projectId,
});
