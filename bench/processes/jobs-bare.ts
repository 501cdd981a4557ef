import { createPostgresBackend, createRedisBackend, type Queue, withBackend } from 'bullmq';
import pg from 'pg';
import { roleConfig } from '../../src/platform/database/connection-config.js';
import { openQueuePool } from '../../src/platform/database/queue-pool.js';
import {
  batchesOf,
  CONCURRENCY,
  Countdown,
  EFFECT,
  type JobFigures,
  type JobPayload,
  type JobRequest,
  type OpenJobs,
  QUEUE_CONNECTIONS,
} from '../support/job-load.js';
import { answerRequests } from '../support/worker.js';

// BullMQ by itself: addBulk, and a handler that inserts the effect in an autocommit statement. Nothing ties the two together.

const QUEUE = 'bench-bare';
const effects = new Countdown();
let queue: Queue | undefined;

answerRequests(async (request: JobRequest): Promise<JobFigures | null> => {
  if (request.kind === 'open') {
    queue = await open(request);
    return null;
  }
  const ended = effects.expect(request.count);
  const startedMs = performance.now();
  for (const batch of batchesOf(request.round, request.count))
    await queue!.addBulk(
      batch.map((data) => ({
        name: 'bench.insert-effect',
        data,
        opts: { removeOnComplete: true, removeOnFail: { count: 1_000 }, attempts: 3 },
      })),
    );
  await ended;
  return { durationsMs: [performance.now() - startedMs] };
});

async function open({ databaseUrl, redisUrl }: OpenJobs): Promise<Queue> {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: CONCURRENCY } as const;
  const pool = new pg.Pool({ ...roleConfig(target, 'system'), max: CONCURRENCY });
  const classes = withBackend(redisUrl === null ? createPostgresBackend : (createRedisBackend as never));
  const connection = (
    redisUrl === null
      ? openQueuePool(target, QUEUE_CONNECTIONS + 1)
      : { url: redisUrl, maxRetriesPerRequest: null }
  ) as never;
  const worker = new classes.Worker(
    QUEUE,
    async ({ data }: { data: JobPayload }) => {
      await pool.query({ ...EFFECT, values: [data.round, data.place] });
      effects.hit();
    },
    { connection, concurrency: CONCURRENCY },
  );
  worker.on('error', () => undefined);
  await worker.waitUntilReady();
  return new classes.Queue(QUEUE, { connection }) as unknown as Queue;
}
