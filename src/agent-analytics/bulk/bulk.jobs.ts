import { z } from 'zod';
import { defineJob } from '../../platform/jobs/job-definition.js';
import { AGENT_BULK_QUEUE } from '../agent-analytics.queues.js';

/** Makes what is out of date, which its request has said of everything. A try that died goes on where it was. */
export const REBUILD_FIGURES = defineJob({
  name: 'agents.rebuild-figures',
  queue: AGENT_BULK_QUEUE.name,
  payload: z.object({ project: z.string() }),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 4 * 3_600_000,
  dedupKey: ({ project }) => project,
});

/** A try that died begins at the file's first line again: rows that are stored already stay as they are. */
export const IMPORT_EXPORT = defineJob({
  name: 'agents.import-export',
  queue: AGENT_BULK_QUEUE.name,
  payload: z.object({ project: z.string(), fileId: z.uuid(), writtenAt: z.iso.datetime() }),
  attempts: 3,
  backoff: { kind: 'exponential', delayMs: 5_000 },
  timeoutMs: 4 * 3_600_000,
  dedupKey: ({ fileId }) => fileId,
});
