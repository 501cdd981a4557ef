import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../jobs/job-definition.js';
import { RUN_ACCOUNT_SYNC, RUN_SYNC } from './sync.jobs.js';
import { SyncRunner } from './sync-runner.service.js';

@Injectable()
@HandlesJob(RUN_SYNC)
export class RunSyncHandler implements JobHandler<{ runId: string }> {
  constructor(private readonly runner: SyncRunner) {}

  handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    return this.runner.run(runId, run);
  }
}

@Injectable()
@HandlesJob(RUN_ACCOUNT_SYNC)
export class RunAccountSyncHandler implements JobHandler<{ runId: string }> {
  constructor(private readonly runner: SyncRunner) {}

  handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    return this.runner.run(runId, run);
  }
}
