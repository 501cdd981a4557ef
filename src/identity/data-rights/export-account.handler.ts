import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { AccountExports } from './account-exports.service.js';
import { EXPORT_ACCOUNT } from './data-rights.jobs.js';

@Injectable()
@HandlesJob(EXPORT_ACCOUNT)
export class ExportAccountHandler implements JobHandler<{ accountId: string; fileId: string }> {
  constructor(private readonly exports: AccountExports) {}

  handle(payload: { accountId: string; fileId: string }, run: JobRun): Promise<void> {
    return this.exports.make(payload.accountId, payload.fileId, run);
  }
}
