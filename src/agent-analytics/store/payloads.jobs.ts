import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { AGENT_QUEUE } from '../agent-analytics.queues.js';

/** Once a day: texts older than AGENT_PAYLOAD_MONTHS go. Gives way to readers, hence the patience. */
export const DROP_PAYLOADS = defineJob({
  name: 'agents.drop-payloads',
  queue: AGENT_QUEUE.name,
  payload: z.object({}),
  attempts: 6,
  backoff: { kind: 'fixed', delayMs: 60_000 },
  timeoutMs: 60_000,
  dedupKey: () => 'all',
});
