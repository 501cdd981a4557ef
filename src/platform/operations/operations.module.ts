import { type DynamicModule, Module } from '@nestjs/common';
import { AdminJobsController } from './admin-jobs.controller.js';
import { JobEnds } from './job-ends.service.js';
import { JobMetrics } from './job-metrics.service.js';
import { JobObstacleRepository } from './job-obstacle.repository.js';
import { JobWatcher } from './job-watcher.service.js';
import { JobsController } from './jobs.controller.js';
import { JobsDesk } from './jobs-desk.service.js';

/** What callers and operators see of the machinery. */
@Module({})
export class OperationsModule {
  /** @param isServing whether this process answers requests (roles api and all) */
  static register(isServing: boolean): DynamicModule {
    return {
      module: OperationsModule,
      controllers: isServing ? [JobsController, AdminJobsController] : [],
      providers: [JobEnds, JobMetrics, ...(isServing ? [JobWatcher, JobsDesk, JobObstacleRepository] : [])],
    };
  }
}
