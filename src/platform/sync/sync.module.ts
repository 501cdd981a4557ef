import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { Jobs } from '../jobs/jobs.service.js';
import { type Logger, LOGGER } from '../logging/logger.js';
import { realSleep } from '../outbound/outbound.service.js';
import { PageFetcher } from './page-fetcher.service.js';
import { RunOpener } from './run-opener.service.js';
import { RunAccountSyncHandler, RunSyncHandler } from './run-sync.handler.js';
import { SourceRegistry } from './source-registry.js';
import { SpanJudge } from './span-judge.service.js';
import { StartDueSyncsHandler } from './start-due-syncs.handler.js';
import { StreamWalker } from './stream-walker.service.js';
import { START_DUE_SYNCS } from './sync.jobs.js';
import { SyncDesk } from './sync-desk.service.js';
import { SyncHoldsRepository } from './sync-holds.repository.js';
import { SyncHolds } from './sync-holds.service.js';
import { SyncPositionsRepository } from './sync-positions.repository.js';
import { SyncRunner } from './sync-runner.service.js';
import { SyncRunsRepository } from './sync-runs.repository.js';
import { SyncScansRepository } from './sync-scans.repository.js';
import { SyncStarter } from './sync-starter.service.js';
import { SYNC_TIMES, SYNC_WORLD, type SyncWorld } from './sync-world.js';

const REAL_WORLD: SyncWorld = {
  nowMs: () => null,
  elapsedMs: () => performance.now(),
  sleep: realSleep,
  random: () => Math.random(),
  times: SYNC_TIMES,
};

/** A worker that starts looks at once whether something is due, or was left by one that died; in the background, like every run. */
@Injectable()
class FirstLook implements OnApplicationBootstrap {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly system: SystemUnitOfWork,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.registry.list().length + this.registry.families().length === 0) return;
    try {
      await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.jobs.enqueueShared(tx, START_DUE_SYNCS, [{ sourceId: null }]),
      );
    } catch (error) {
      this.logger.warn({ err: error }, 'the first look after syncs was left to the schedule');
    }
  }
}

/** Copies what third parties hold, and keeps the copy true. */
@Module({})
export class SyncModule {
  /** @param isWorker runs syncs, and looks after them when it starts @param world where a test has one of its own */
  static forRoot(isWorker: boolean, world: SyncWorld = REAL_WORLD): DynamicModule {
    return {
      module: SyncModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [...syncProviders(world), ...(isWorker ? [FirstLook] : [])],
      exports: [SourceRegistry, SyncStarter, SyncDesk],
    };
  }
}

function syncProviders(world: SyncWorld): Provider[] {
  return [
    { provide: SYNC_WORLD, useValue: world },
    SourceRegistry,
    SyncRunsRepository,
    SyncHoldsRepository,
    SyncPositionsRepository,
    SyncScansRepository,
    SyncHolds,
    PageFetcher,
    SpanJudge,
    RunOpener,
    StreamWalker,
    SyncRunner,
    SyncStarter,
    SyncDesk,
    RunSyncHandler,
    RunAccountSyncHandler,
    StartDueSyncsHandler,
  ];
}
