import {
  assertSchemaCompatibility,
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  type Queue,
  withBackend,
  type Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { DatabaseTarget } from '../database/connection-config.js';
import { StartupError } from '../config/startup-error.js';
import { QUEUE_SCHEMA, openQueuePool } from '../database/queue-pool.js';

/** What BullMQ carries of a job; the rest stays in its row. */
export interface QueuedJob {
  payload: unknown;
  ownerId: string;
  /** The request that enqueued it. */
  requestId?: string;
}

export type JobWorkerOptions = Pick<
  WorkerOptions,
  'concurrency' | 'limiter' | 'lockDuration' | 'stalledInterval'
>;

/** BullMQ on PostgreSQL or on Redis: the same queues and workers, the same promises. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  queue(name: string): Queue<QueuedJob>;
  worker(name: string, processor: Processor<QueuedJob>, options: JobWorkerOptions): Worker<QueuedJob>;
  /** @throws StartupError with one sentence when the store of the queues cannot be used */
  assertReady(): Promise<void>;
  /** Lets go of the connections; queues and workers are closed before. */
  close(): Promise<void>;
}

/** Connections for queries beside those on which workers listen. */
const QUERY_CONNECTIONS = 6;
/** A worker that died or hung this often with one job in its hands: more is no deploy and no full memory any more. */
const MAX_STALLED_COUNT = 10;
const READY_WITHIN_MS = 5_000;
/** The relay holds a transaction open meanwhile; a store that hangs must not hold it for ever. */
const ANSWER_WITHIN_MS = 8_000;
const KEPT_FAILURES = 1_000;
export const QUEUE_JOB_OPTIONS = { removeOnComplete: true, removeOnFail: { count: KEPT_FAILURES } } as const;

/** @param listeners number of workers that will listen at the same time */
export function openQueueBackend(options: {
  target: DatabaseTarget;
  redisUrl: string | undefined;
  listeners: number;
}): QueueBackend {
  return options.redisUrl === undefined
    ? postgresBackend(options.target, options.listeners)
    : redisBackend(options.redisUrl);
}

// The classes carry their backend in their types, which nobody here looks at: both are used as the library's default ones.

function postgresBackend(target: DatabaseTarget, listeners: number): QueueBackend {
  const pool = openQueuePool(target, listeners + QUERY_CONNECTIONS);
  const classes = withBackend(backendsThatRecover(pool));
  const connection = pool as never;
  return {
    kind: 'postgres',
    queue: (name) => quiet(new classes.Queue(name, { connection }) as unknown as Queue<QueuedJob>),
    worker: (name, processor, options) =>
      quiet(
        new classes.Worker(
          name,
          processor as never,
          workerOptions(connection, options),
        ) as unknown as Worker<QueuedJob>,
      ),
    assertReady: async () => {
      try {
        await assertSchemaCompatibility(pool, QUEUE_SCHEMA);
      } catch (error) {
        throw new StartupError(
          `The queue's tables cannot be used (${(error as Error).message}); run: npm run migrate.`,
        );
      }
    },
    close: () => pool.end(),
  };
}

/**
 * Before its first statement every queue and worker of the library looks whether its tables are there, and remembers for ever what it
 * found: where the database did not answer just then, a worker would ask its memory again and again, and the process do nothing
 * else. So they share one look, which counts only once it has gone well.
 */
function backendsThatRecover(pool: ReturnType<typeof openQueuePool>): typeof createPostgresBackend {
  let isThere: Promise<unknown> | undefined;
  const look = async (): Promise<void> => {
    isThere ??= assertSchemaCompatibility(pool, QUEUE_SCHEMA);
    try {
      await isThere;
    } catch (error) {
      isThere = undefined;
      throw error;
    }
  };
  return (...given) => {
    const backend = createPostgresBackend(...given);
    // Both of them remember: of the one every statement waits, of the other every end of a job.
    backend.connection.waitUntilReady = look;
    backend.waitUntilReady = look;
    return backend;
  };
}

function redisBackend(url: string): QueueBackend {
  const classes = withBackend(createRedisBackend);
  // A relay that cannot reach Redis must hear so at once; its rows stay open. A worker waits until it is back.
  const forQueues = {
    url,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_WITHIN_MS,
  };
  const forWorkers = { url, maxRetriesPerRequest: null };
  return {
    kind: 'redis',
    queue: (name) => quiet(new classes.Queue(name, { connection: forQueues }) as unknown as Queue<QueuedJob>),
    worker: (name, processor, options) =>
      quiet(
        new classes.Worker(
          name,
          processor as never,
          workerOptions(forWorkers, options),
        ) as unknown as Worker<QueuedJob>,
      ),
    assertReady: () => assertRedisAnswers(url),
    close: () => Promise.resolve(),
  };
}

async function assertRedisAnswers(url: string): Promise<void> {
  const probe = new Redis(url, {
    lazyConnect: true,
    connectTimeout: READY_WITHIN_MS,
    retryStrategy: () => null,
  });
  probe.on('error', () => undefined);
  try {
    await probe.connect();
    await probe.ping();
  } catch {
    throw new StartupError(`The Redis of REDIS_URL (${new URL(url).host}) does not answer.`);
  } finally {
    probe.disconnect();
  }
}

function workerOptions<Connection>(connection: Connection, options: JobWorkerOptions) {
  return { connection, autorun: false, maxStalledCount: MAX_STALLED_COUNT, ...options };
}

/** Lost connections are made anew by the library; an 'error' event without a listener would end the process. */
function quiet<Emitter extends { on(event: 'error', listener: () => void): unknown }>(
  emitter: Emitter,
): Emitter {
  emitter.on('error', () => undefined);
  return emitter;
}
