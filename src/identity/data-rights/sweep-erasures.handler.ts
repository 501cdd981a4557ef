import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { AccountErasure } from './account-erasure.service.js';
import { SWEEP_ERASURES } from './data-rights.jobs.js';

@Injectable()
@HandlesJob(SWEEP_ERASURES)
export class SweepErasuresHandler implements JobHandler<object> {
  constructor(private readonly erasure: AccountErasure) {}

  handle(_payload: object, run: JobRun): Promise<void> {
    return this.erasure.sweep(run.signal);
  }
}
