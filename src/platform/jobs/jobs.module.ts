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
import { type Listener, openListener } from '../database/listener.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { JOB_CATALOG, type JobCatalog, mergeCatalogs } from './job-catalog.js';
import { JobRegistry } from './job-registry.js';
import { JobStates } from './job-states.service.js';
import { JobStatistics } from './job-statistics.js';
import { JobsRepository } from './jobs.repository.js';
import { Jobs } from './jobs.service.js';
import { JOBS_OPTIONS, type JobsOptions, QUEUE_BACKEND } from './jobs.tokens.js';
import { openQueueBackend } from './queue-backend.js';
import { Queues } from './queues.service.js';
import { LocalBell, RELAY_BELL, RELAY_CHANNEL, RemoteBell } from './relay-bell.js';
import { Relay } from './relay.service.js';
import { Schedules } from './schedules.service.js';
import { WorkerHost } from './worker-host.service.js';

const JOBS_TARGET = Symbol('JobsTarget');

/** Starts and stops what a worker process does, in the order in which work flows. */
@Injectable()
class JobsLifetime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private listener: Listener | undefined;

  constructor(
    @Inject(JOBS_OPTIONS) private readonly options: JobsOptions,
    @Inject(JOBS_TARGET) private readonly target: DatabaseTarget,
    private readonly queues: Queues,
    @Optional() private readonly relay?: Relay,
    @Optional() private readonly host?: WorkerHost,
    @Optional() private readonly schedules?: Schedules,
    @Optional() @Inject(RELAY_BELL) private readonly bell?: LocalBell,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.isWorker) return;
    await this.queues.backend.assertReady();
    this.bell?.onRing(() => this.relay?.ring());
    this.listener = openListener(this.target, RELAY_CHANNEL, () => this.relay?.ring());
    this.host?.start();
    this.relay?.start();
    this.schedules?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.listener?.close();
    await this.schedules?.stop();
    await this.relay?.stop();
    await this.host?.stop();
    await this.queues.close();
    await this.queues.backend.close();
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
        JobRegistry,
        Jobs,
        JobsRepository,
        JobStatistics,
        Queues,
        ...(isWorker ? [Relay, JobStates, WorkerHost, Schedules] : []),
        JobsLifetime,
      ],
      exports: [Jobs, JobsRepository, JobStatistics, Queues, JOB_CATALOG],
    };
  }
}
