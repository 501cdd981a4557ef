import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { AccountErasure } from './account-erasure.service.js';
import { ERASE_ACCOUNT } from './data-rights.jobs.js';

@Injectable()
@HandlesJob(ERASE_ACCOUNT)
export class EraseAccountHandler implements JobHandler<{ accountId: string }> {
  constructor(private readonly erasure: AccountErasure) {}

  handle({ accountId }: { accountId: string }, run: JobRun): Promise<void> {
    return this.erasure.run(accountId, run.signal, (done, total) => run.progress({ done, total }));
  }
}
