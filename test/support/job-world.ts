import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { DataRightsModule } from '../../src/platform/data-rights/data-rights.module.js';
import { openDatabase, DatabaseModule } from '../../src/platform/database/database.module.js';
import { ENTITIES } from '../../src/app.entities.js';
import type { JobCatalog } from '../../src/platform/jobs/job-catalog.js';
import { JobsModule } from '../../src/platform/jobs/jobs.module.js';
import type { JobsOptions } from '../../src/platform/jobs/jobs.tokens.js';
import { createLogger, LOGGER } from '../../src/platform/logging/logger.js';

/** One process's part in background work: the jobs room with a catalogue and handlers of one's own, nothing else. */
export interface JobWorld {
  readonly app: INestApplicationContext;
  close(): Promise<void>;
}

export interface JobWorldOptions {
  databaseUrl: string;
  /** Undefined: queues in PostgreSQL. */
  redisUrl?: string | undefined;
  catalog: JobCatalog;
  handlers: readonly Provider[];
  /** Rooms of which jobs are part. */
  modules?: readonly DynamicModule[];
  jobs?: Partial<JobsOptions>;
}

export async function openJobWorld(options: JobWorldOptions): Promise<JobWorld> {
  const target = {
    url: options.databaseUrl,
    directUrl: options.databaseUrl,
    pooler: 'none',
    poolMax: 6,
  } as const;
  const database = await openDatabase(target, ENTITIES);
  const { logger } = createLogger({ role: 'test', logLevel: process.env['TEST_LOG'] ?? 'silent' });
  const loggers = { module: LoggingModule, global: true, providers: [{ provide: LOGGER, useValue: logger }] };
  const world = {
    module: WorldModule,
    imports: [
      { ...loggers, exports: [LOGGER] },
      DatabaseModule.forRoot(database),
      DataRightsModule.forRoot([]),
      JobsModule.forRoot({
        catalogs: [options.catalog],
        target,
        redisUrl: options.redisUrl,
        jobs: { isWorker: true, lockMs: 2_000, graceMs: 2_000, ...options.jobs },
      }),
      ...(options.modules ?? []),
    ],
    providers: [...options.handlers],
  };
  try {
    const app = await NestFactory.createApplicationContext(world, { logger: false, abortOnError: false });
    return { app, close: () => app.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

@Module({})
class LoggingModule {}

@Module({})
class WorldModule {}
