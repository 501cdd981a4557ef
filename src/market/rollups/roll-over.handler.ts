import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { ROLL_OVER } from './rollups.jobs.js';
import { RollupsService } from './rollups.service.js';

@Injectable()
@HandlesJob(ROLL_OVER)
export class RollOverHandler implements JobHandler<object> {
  constructor(private readonly rollups: RollupsService) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await this.rollups.rollOver({
      signal: run.signal,
      onProgress: (progress) => run.progress({ ...progress, note: 'servers' }),
    });
    run.signal.throwIfAborted();
  }
}
