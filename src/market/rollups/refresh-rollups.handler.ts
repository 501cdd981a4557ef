import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { REFRESH_ROLLUPS } from './rollups.jobs.js';
import { RollupsService } from './rollups.service.js';

/** Every portion commits for itself and is right however often it is derived, so the run needs no transaction of its own. */
@Injectable()
@HandlesJob(REFRESH_ROLLUPS)
export class RefreshRollupsHandler implements JobHandler<z.output<typeof REFRESH_ROLLUPS.payload>> {
  constructor(private readonly rollups: RollupsService) {}

  async handle({ serverId }: { serverId: number }, run: JobRun): Promise<void> {
    await this.rollups.refresh(serverId, {
      signal: run.signal,
      onProgress: (progress) => run.progress(progress),
    });
    run.signal.throwIfAborted();
  }
}
