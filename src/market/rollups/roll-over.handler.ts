import { Injectable } from '@nestjs/common';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RollupsService } from './rollups.service.js';

@Injectable()
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
