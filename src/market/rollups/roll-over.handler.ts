import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { WindowFigures } from '../analytics/window-figures.service.js';
import { RollupRequests } from './rollup-requests.service.js';
import { ROLL_OVER } from './rollups.jobs.js';
import { RollupsService } from './rollups.service.js';

/** A job per server, so that a server with much to do keeps none of the others waiting. */
@Injectable()
@HandlesJob(ROLL_OVER)
export class RollOverHandler implements JobHandler<object> {
  constructor(
    private readonly rollups: RollupsService,
    private readonly figures: WindowFigures,
    private readonly requests: RollupRequests,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      await this.requests.refresh(tx, await this.rollups.listStaleServers(tx));
      await this.requests.followWithFigures(tx, await this.figures.listStaleServers(tx));
    });
  }
}
