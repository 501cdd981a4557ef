import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { RollupRequests } from './rollup-requests.service.js';
import { REFRESH_ROLLUPS } from './rollups.jobs.js';
import { RollupsService } from './rollups.service.js';

/** After so long a refresh makes place for those of other servers and queues up behind them. */
const TURN_MS = 1_000;

/** Every portion commits for itself and is right however often it is derived. */
@Injectable()
@HandlesJob(REFRESH_ROLLUPS)
export class RefreshRollupsHandler implements JobHandler<z.output<typeof REFRESH_ROLLUPS.payload>> {
  constructor(
    private readonly rollups: RollupsService,
    private readonly requests: RollupRequests,
  ) {}

  async handle({ serverId }: { serverId: number }, run: JobRun): Promise<void> {
    const end = await this.rollups.refreshInTurn(serverId, TURN_MS, {
      signal: run.signal,
      onProgress: (progress) => run.progress(progress),
    });
    run.signal.throwIfAborted();
    await run.once(async (tx) => {
      if (end === 'left') await this.requests.refresh(tx, [serverId]);
      await this.requests.followWithFigures(tx, [serverId]);
    });
  }
}
