import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { GhostBuilder } from './ghost-builder.service.js';
import { GhostCurvesRepository } from './ghost-curves.repository.js';
import { BUILD_GHOST } from './ghosts.jobs.js';

@Injectable()
@HandlesJob(BUILD_GHOST)
export class BuildGhostHandler implements JobHandler<{ ghostId: string }> {
  constructor(
    private readonly curves: GhostCurvesRepository,
    private readonly builder: GhostBuilder,
  ) {}

  async handle({ ghostId }: { ghostId: string }, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const ghost = await this.curves.lockGhost(tx, ghostId);
      if (ghost !== null && ghost.type !== 'shared') await this.builder.build(tx, ghost);
    });
  }
}
