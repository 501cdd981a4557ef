import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';
import { DataRightsModule } from '../../dist/platform/data-rights/data-rights.module.js';
import { DatabaseModule, openDatabase } from '../../dist/platform/database/database.module.js';
import { JOBS_ENTITIES } from '../../dist/platform/jobs/jobs.entities.js';
import { JobsModule } from '../../dist/platform/jobs/jobs.module.js';
import { createLogger, LOGGER } from '../../dist/platform/logging/logger.js';
import { ProvidesSources } from '../../dist/platform/sync/provides-sources.js';
import { SYNC_ENTITIES } from '../../dist/platform/sync/sync.entities.js';
import { SYNC_JOBS } from '../../dist/platform/sync/sync.jobs.js';
import { SyncModule } from '../../dist/platform/sync/sync.module.js';

// A worker process that synchronises one source, from the built rooms, so that it can be killed. Its upstream is the test, by HTTP. Plain
// JavaScript: what decorators do is done by hand. Settings come as JSON in the first argument; it says when it is ready.

const settings = JSON.parse(process.argv[2] ?? '{}');
const UPSERT = `INSERT INTO platform.trial_row AS t (stream, key, at, updated_at, asked_at, body)
  SELECT 'rows', key, to_timestamp(at / 1000.0), to_timestamp(updated / 1000.0), $5, body
  FROM unnest($1::text[], $2::float8[], $3::float8[], $4::text[]) AS u (key, at, updated, body)
  ON CONFLICT (stream, key) DO NOTHING RETURNING key`;

const stream = {
  name: 'rows',
  paging: 'numbered',
  pageLimit: { most: 10, least: 1 },
  overlapMs: 3_600_000,
  lagMs: 60_000,
  aheadMs: 60_000,
  reachMs: 86_400_000,
  fetchPage: async ({ window, cursor, limit, signal }) => {
    const answer = await fetch(settings.upstreamUrl, {
      method: 'POST',
      body: JSON.stringify({ from: window.from, to: window.to, cursor, limit }),
      signal,
    });
    return answer.json();
  },
  keyOf: ({ id }) => id,
  timeOf: ({ atMs }) => new Date(atMs),
  store: async (tx, rows, { requestedAt }) => {
    const values = ['id', 'atMs', 'updatedMs', 'body'].map((name) => rows.map((row) => row[name]));
    const inserted = await tx.query({ name: 'trial.upsert', text: UPSERT, values: [...values, requestedAt] });
    return { inserted: inserted.length, updated: 0, unchanged: rows.length - inserted.length };
  },
  stored: null,
  countUpstream: null,
};
const source = {
  id: 'trial:killed',
  domain: 'trial',
  intervalMs: 3_600_000,
  reconcileEveryMs: null,
  verifyEveryMs: null,
  pagePauseMs: 0,
  since: new Date(settings.sinceMs),
  streams: [stream],
  secrets: [],
  prepare: null,
  check: async () => ({ isOk: true, detail: '' }),
  afterRun: async () => undefined,
  whenSucceeded: null,
};

class LoggingModule {}
class WorkerModule {}
class Sources {
  sources() {
    return [source];
  }
}
Injectable()(Sources);
ProvidesSources()(Sources);

const target = { url: settings.databaseUrl, directUrl: settings.databaseUrl, pooler: 'none', poolMax: 6 };
const { logger } = createLogger({ role: 'worker', logLevel: 'warn' });
const database = await openDatabase(target, [...JOBS_ENTITIES, ...SYNC_ENTITIES]);
Module({ providers: [{ provide: LOGGER, useValue: logger }], exports: [LOGGER] })(LoggingModule);
Module({
  imports: [
    { module: LoggingModule, global: true },
    DatabaseModule.forRoot(database),
    DataRightsModule.forRoot([]),
    JobsModule.forRoot({
      catalogs: [SYNC_JOBS],
      target,
      redisUrl: undefined,
      jobs: { isWorker: true, lockMs: 1_000, graceMs: 1_000 },
    }),
    SyncModule.forRoot(true),
  ],
  providers: [Sources],
})(WorkerModule);

await NestFactory.createApplicationContext(WorkerModule, { logger: ['error'] });
process.on('disconnect', () => process.exit(1)); // whoever started it is gone
process.send({ url: '' });
