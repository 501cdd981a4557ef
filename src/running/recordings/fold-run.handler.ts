import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { FixesRepository } from './fixes.repository.js';
import { FOLD_RUN } from './recordings.jobs.js';
import { RunFolder } from './run-folder.service.js';

@Injectable()
@HandlesJob(FOLD_RUN)
export class FoldRunHandler implements JobHandler<{ runId: string }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly fixes: FixesRepository,
    private readonly folder: RunFolder,
  ) {}

  async handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.fixes.drain(tx));
    await run.once((tx) => this.folder.fold(tx, runId));
  }
}
