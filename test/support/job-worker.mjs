import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';
import { z } from 'zod';
import { DataRightsModule } from '../../dist/platform/data-rights/data-rights.module.js';
import { DatabaseModule, openDatabase } from '../../dist/platform/database/database.module.js';
import { HandlesJob } from '../../dist/platform/jobs/handles-job.js';
import { JOBS_ENTITIES } from '../../dist/platform/jobs/jobs.entities.js';
import { JobsModule } from '../../dist/platform/jobs/jobs.module.js';
import { createLogger, LOGGER } from '../../dist/platform/logging/logger.js';

// A worker process of the tests, from the built jobs room. Plain JavaScript, since it is killed where no test runner lives: what
// decorators do is done by hand. It loads no more than that room, for it is started dozens of times. Its settings come as JSON in the first argument; it prints `ready`, then its log.

const settings = JSON.parse(process.argv[2] ?? '{}');
const KEY = { key: z.string(), holdMs: z.number().default(0) };
const PLAIN = {
  queue: 'trial',
  payload: z.object(KEY),
  attempts: 3,
  backoff: { kind: 'fixed', delayMs: 50 },
  timeoutMs: 20_000,
  dedupKey: null,
};
const INSERT = { name: 'trial.effects.insert', text: 'INSERT INTO platform.effect (key) VALUES ($1)' };

const sleep = (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs));
const insert = (key, holdMs) => async (tx) => {
  await tx.query({ ...INSERT, values: [key] });
  if (holdMs > 0) await sleep(holdMs);
};

/** Each by its name; half of the time of `holdMs` goes before the effect, half after it in its transaction. */
const HANDLERS = {
  'trial.add-effect': async ({ key, holdMs }, run) => {
    if (holdMs > 0) await sleep(holdMs / 2);
    await run.once(insert(key, holdMs / 2));
  },
  'trial.block': async ({ key, holdMs }, run) => {
    process.stdout.write(`blocking ${key}\n`);
    const untilMs = Date.now() + holdMs;
    while (Date.now() < untilMs);
    await run.once(insert(key, 0));
  },
  'trial.hang': () => new Promise(() => undefined),
};
const JOBS = Object.keys(HANDLERS).map((name) => ({
  ...PLAIN,
  name,
  ...(name === 'trial.hang' && { attempts: 1, timeoutMs: 1_000 }),
}));

class LoggingModule {}
class WorkerModule {}

function handlerOf(job) {
  const handler = class {
    handle(payload, run) {
      return HANDLERS[job.name](payload, run);
    }
  };
  Injectable()(handler);
  HandlesJob(job)(handler);
  return handler;
}

const target = { url: settings.databaseUrl, directUrl: settings.databaseUrl, pooler: 'none', poolMax: 24 };
const { logger, flush } = createLogger({ role: 'worker', logLevel: 'warn' });
const database = await openDatabase(target, JOBS_ENTITIES);
Module({ providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] })(LoggingModule);
Module({
  imports: [
    { module: LoggingModule, global: true },
    DatabaseModule.forRoot(database),
    DataRightsModule.forRoot([]),
    JobsModule.forRoot({
      catalogs: [
        {
          queues: [{ name: 'trial', concurrency: settings.concurrency ?? 8, limiter: null }],
          jobs: JOBS,
          schedules: [],
        },
      ],
      target,
      redisUrl: settings.redisUrl,
      jobs: { isWorker: true, lockMs: settings.lockMs, graceMs: settings.graceMs, ...settings.jobs },
    }),
  ],
  providers: JOBS.map(handlerOf),
})(WorkerModule);

const app = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error'] });
process.once('SIGTERM', () => {
  void app.close().then(() => {
    flush();
    process.exit(0);
  });
});
process.on('disconnect', () => process.exit(1)); // whoever started it is gone
process.stdout.write('ready\n');
