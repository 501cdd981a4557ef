import { type DynamicModule, Module } from '@nestjs/common';
import { AdminAuditController } from './admin-audit.controller.js';
import { AdminJobsController } from './admin-jobs.controller.js';
import { JobEnds } from './job-ends.service.js';
import { AuditDesk } from './audit-desk.service.js';
import { JobMetrics } from './job-metrics.service.js';
import { JobObstacleRepository } from './job-obstacle.repository.js';
import { JobStreams } from './job-streams.service.js';
import { JobWatcher } from './job-watcher.service.js';
import { JobsController } from './jobs.controller.js';
import { JobsDesk } from './jobs-desk.service.js';
import { RotateKeysHandler } from './rotate-keys.handler.js';
import { RotateKeysRequests } from './rotate-keys.service.js';

/** What callers and operators see of the machinery. */
@Module({})
export class OperationsModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: OperationsModule,
      controllers: isServing ? [JobsController, AdminJobsController, AdminAuditController] : [],
      providers: [
        JobEnds,
        JobMetrics,
        RotateKeysHandler,
        RotateKeysRequests,
        ...(isServing ? [JobWatcher, JobStreams, JobsDesk, JobObstacleRepository, AuditDesk] : []),
      ],
    };
  }
}
