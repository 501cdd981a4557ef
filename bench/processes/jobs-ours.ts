import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ENTITIES } from '../../src/app.entities.js';
import { DataRightsModule } from '../../src/platform/data-rights/data-rights.module.js';
import { DatabaseModule, openDatabase } from '../../src/platform/database/database.module.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import { HandlesJob } from '../../src/platform/jobs/handles-job.js';
import {
  defineJob,
  defineQueue,
  type JobDefinition,
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

/** Of a name per backend: two relays on one outbox would take each other's jobs. */
const insertEffectOn = (backend: string): JobDefinition<JobPayload> =>
  defineJob({
    name: `bench.insert-effect-${backend}`,
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
let insertEffect: JobDefinition<JobPayload>;

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
  insertEffect = insertEffectOn(redisUrl === null ? 'pg' : 'redis');
  HandlesJob(insertEffect)(InsertEffect);
  const jobs = { isWorker: true, lockMs: 30_000, graceMs: 2_000 };
  const catalog = {
    queues: [defineQueue({ name: insertEffect.queue, concurrency: CONCURRENCY, limiter: null })],
    jobs: [insertEffect],
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
        DataRightsModule.forRoot([]),
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
    await uow.run(scope, (tx) => jobs.enqueueMany(tx, scope, insertEffect, batch));
  await ended;
  return performance.now() - startedMs;
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
    await uow.run(scope, (tx) => jobs.enqueue(tx, scope, insertEffect, { round, place }));
    await started;
    durationsMs.push(performance.now() - startedMs);
    await ended;
    await sleep(PAUSE_MS);
  }
  return durationsMs;
}
