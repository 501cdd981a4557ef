import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { MAKE_DUMPS } from './dumps.jobs.js';
import { MakeDumpsService } from './make-dumps.service.js';

@Injectable()
@HandlesJob(MAKE_DUMPS)
export class MakeDumpsHandler implements JobHandler<object> {
  constructor(private readonly dumps: MakeDumpsService) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await this.dumps.makeDue({
      nowMs: Date.now(),
      signal: run.signal,
      onProgress: (done, day) => run.progress({ done, total: null, note: day }),
    });
  }
}
