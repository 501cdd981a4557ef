import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  Optional,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { DatabaseTarget } from '../database/connection-config.js';
import { DatabaseLifetime } from '../database/database.module.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { JOB_CATALOG, type JobCatalog, mergeCatalogs } from './job-catalog.js';
import { EndedJobsRepository } from './ended-jobs.repository.js';
import { endsWithin } from './ends-within.js';
import { JobRegistry } from './job-registry.js';
import { JobStates } from './job-states.service.js';
import { JobStatistics } from './job-statistics.js';
import { JobsData } from './jobs-data.handler.js';
import { JobsHousekeeping } from './jobs-housekeeping.service.js';
import { JobsRepository } from './jobs.repository.js';
import { Jobs } from './jobs.service.js';
import { JOBS_OPTIONS, JOBS_TARGET, type JobsOptions, QUEUE_BACKEND } from './jobs.tokens.js';
import { openQueueBackend } from './queue-backend.js';
import { Queues } from './queues.service.js';
import { LocalBell, RELAY_BELL, RemoteBell } from './relay-bell.js';
import { RelayEars } from './relay-ears.service.js';
import { Relay } from './relay.service.js';
import { Schedules } from './schedules.service.js';
import { WorkerHost } from './worker-host.service.js';

/** A store of queues that does not answer must not hold up the end. */
const CLOSE_WITHIN_MS = 2_000;

/** Starts and stops what a worker process does, in the order in which work flows. */
@Injectable()
class JobsLifetime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private stopping: Promise<void> | undefined;

  constructor(
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    private readonly queues: Queues,
    database: DatabaseLifetime,
    @Optional() private readonly ears?: RelayEars,
    @Optional() private readonly relay?: Relay,
    @Optional() private readonly host?: WorkerHost,
    @Optional() private readonly schedules?: Schedules,
  ) {
    database.beforeClose(() => this.stop());
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.isWorker) return;
    await this.queues.backend.assertReady();
    this.host?.start();
    this.relay?.start();
    this.ears?.start();
    this.schedules?.start();
  }

  /** Begins to stop beside the server of requests; the database's connections wait for the end of it. */
  beforeApplicationShutdown(): void {
    void this.stop();
  }

  private stop(): Promise<void> {
    return (this.stopping ??= this.stopInOrder());
  }

  private async stopInOrder(): Promise<void> {
    await endsWithin(
      Promise.allSettled([this.ears?.stop(), this.schedules?.stop(), this.relay?.stop()]),
      CLOSE_WITHIN_MS,
    );
    await this.host?.stop();
    await endsWithin(this.queues.close(), CLOSE_WITHIN_MS);
    await endsWithin(this.queues.backend.close(), CLOSE_WITHIN_MS);
  }
}

@Module({})
export class JobsModule {
  /** @param catalogs what each domain that this process has declares */
  static forRoot(options: {
    catalogs: readonly JobCatalog[];
    target: DatabaseTarget;
    redisUrl: string | undefined;
    jobs: JobsOptions;
  }): DynamicModule {
    const catalog = mergeCatalogs(options.catalogs);
    const { isWorker } = options.jobs;
    return {
      module: JobsModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: JOB_CATALOG, useValue: catalog },
        { provide: JOBS_OPTIONS, useValue: options.jobs },
        { provide: JOBS_TARGET, useValue: options.target },
        {
          provide: QUEUE_BACKEND,
          useFactory: () =>
            openQueueBackend({ ...options, listeners: isWorker ? catalog.queues.length + 1 : 0 }),
        },
        {
          provide: RELAY_BELL,
          inject: [UnitOfWork],
          useFactory: (uow: UnitOfWork) => (isWorker ? new LocalBell() : new RemoteBell(uow)),
        },
        EndedJobsRepository,
        JobRegistry,
        Jobs,
        JobsData,
        JobsRepository,
        JobStatistics,
        Queues,
        ...(isWorker ? [Relay, RelayEars, JobStates, WorkerHost, Schedules, JobsHousekeeping] : []),
        JobsLifetime,
      ],
      exports: [Jobs, JobsRepository, JobStatistics, Queues, JOB_CATALOG],
    };
  }
}
