import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { ImportHistoryService } from './import-history.service.js';
import { IMPORT_HISTORY } from './imports.jobs.js';

@Injectable()
@HandlesJob(IMPORT_HISTORY)
export class ImportHistoryHandler implements JobHandler<{ importId: string }> {
  constructor(private readonly imports: ImportHistoryService) {}

  handle({ importId }: { importId: string }, run: JobRun): Promise<void> {
    return this.imports.apply(importId, run);
  }
}
