import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ENTITIES } from '../../src/app.module.js';
import { DatabaseModule, openDatabase } from '../../src/platform/database/database.module.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { HandlesJob } from '../../src/platform/jobs/handles-job.js';
import {
  defineJob,
  defineQueue,
  type JobHandler,
  type JobRun,
} from '../../src/platform/jobs/job-definition.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { createLogger, LOGGER } from '../../src/platform/logging/logger.js';
import {
  batchesOf,
  CONCURRENCY,
  Countdown,
  EFFECT,
  type JobFigures,
  type JobPayload,
  type JobRequest,
  type OpenJobs,
} from '../support/job-load.js';
import { answerRequests } from '../support/worker.js';

// The jobs room as a worker runs it: outbox, relay, queue, and the effect in one transaction with the end of its job.

const INSERT_EFFECT = defineJob({
  name: 'bench.insert-effect',
  queue: 'bench-ours',
  payload: z.object({ round: z.number().int(), place: z.number().int() }),
  attempts: 3,
  backoff: { kind: 'fixed', delayMs: 1_000 },
  timeoutMs: 30_000,
  dedupKey: null,
});
const PAUSE_MS = 10;
const scope = { id: randomUUID() };
const effects = new Countdown();
const starts = new Countdown();

@Injectable()
@HandlesJob(INSERT_EFFECT)
class InsertEffect implements JobHandler<JobPayload> {
  async handle({ round, place }: JobPayload, run: JobRun): Promise<void> {
    starts.hit();
    await run.once((tx) => tx.query({ ...EFFECT, values: [round, place] }));
    effects.hit();
  }
}

@Module({})
class LoggingModule {}

@Module({})
class WorkerModule {}

let app: INestApplicationContext | undefined;

answerRequests(async (request: JobRequest): Promise<JobFigures | null> => {
  if (request.kind === 'open') {
    app = await open(request);
    return null;
  }
  const { round, count } = request;
  return {
    durationsMs: request.kind === 'run' ? [await runJobs(round, count)] : await timeJobs(round, count),
  };
});

async function open({ databaseUrl, redisUrl }: OpenJobs): Promise<INestApplicationContext> {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none', poolMax: CONCURRENCY } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger } = createLogger({ role: 'bench', logLevel: 'warn' });
  const jobs = { isWorker: true, lockMs: 30_000, graceMs: 2_000 };
  const catalog = {
    queues: [defineQueue({ name: INSERT_EFFECT.queue, concurrency: CONCURRENCY, limiter: null })],
    jobs: [INSERT_EFFECT],
    schedules: [],
  };
  return NestFactory.createApplicationContext(
    {
      module: WorkerModule,
      imports: [
        {
          module: LoggingModule,
          global: true,
          providers: [{ provide: LOGGER, useValue: logger }],
          exports: [LOGGER],
        },
        DatabaseModule.forRoot(database),
        JobsModule.forRoot({ catalogs: [catalog], target, redisUrl: redisUrl ?? undefined, jobs }),
      ],
      providers: [InsertEffect],
    },
    { logger: ['error'] },
  );
}

/** @returns how long it took from the first enqueueing to the last committed effect */
async function runJobs(round: number, count: number): Promise<number> {
  const uow = app!.get(UnitOfWork);
  const jobs = app!.get(Jobs);
  const ended = effects.expect(count);
  const startedMs = performance.now();
  for (const batch of batchesOf(round, count))
    await uow.run(scope, (tx) => jobs.enqueueMany(tx, scope, INSERT_EFFECT, batch));
  // A try whose COMMIT was answered too late is not called again: its effect is there, and nobody has counted it.
  const recount = setInterval(
    () => void countEffects(round).then((found) => found === count && effects.finish()),
    1_000,
  );
  await ended;
  clearInterval(recount);
  return performance.now() - startedMs;
}

async function countEffects(round: number): Promise<number> {
  const text = 'SELECT count(*)::int AS count FROM platform.bench_effect WHERE round = $1';
  const rows = await app!
    .get(UnitOfWork)
    .read<{ count: number }>(scope, { name: 'bench.effects.count', text, values: [round] });
  return rows[0]!.count;
}

/** @returns per job the time from the begin of the transaction that enqueues it to the call of its handler */
async function timeJobs(round: number, count: number): Promise<number[]> {
  const uow = app!.get(UnitOfWork);
  const jobs = app!.get(Jobs);
  const durationsMs: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const started = starts.expect(1);
    const ended = effects.expect(1);
    const startedMs = performance.now();
    await uow.run(scope, (tx) => jobs.enqueue(tx, scope, INSERT_EFFECT, { round, place }));
    await started;
    durationsMs.push(performance.now() - startedMs);
    await ended;
    await sleep(PAUSE_MS);
  }
  return durationsMs;
}
