import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { ImportRuns } from './import-runs.service.js';
import { IMPORT_RUNS } from './run-import.jobs.js';

@Injectable()
@HandlesJob(IMPORT_RUNS)
export class ImportRunsHandler implements JobHandler<{ importId: string }> {
  constructor(private readonly imports: ImportRuns) {}

  handle({ importId }: { importId: string }, run: JobRun): Promise<void> {
    return this.imports.work(importId, run);
  }
}
