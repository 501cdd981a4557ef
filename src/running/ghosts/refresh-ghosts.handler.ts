import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { GhostCurvesRepository } from './ghost-curves.repository.js';
import { BUILD_GHOST, REFRESH_GHOSTS } from './ghosts.jobs.js';

/** A run has another track: each ghost of it gets its own job, so that none waits for the curves of all. */
@Injectable()
@HandlesJob(REFRESH_GHOSTS)
export class RefreshGhostsHandler implements JobHandler<{ runId: string }> {
  constructor(
    private readonly curves: GhostCurvesRepository,
    private readonly jobs: Jobs,
  ) {}

  async handle({ runId }: { runId: string }, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const stale = await this.curves.listStaleOfRun(tx, runId);
      await this.jobs.enqueueShared(
        tx,
        BUILD_GHOST,
        stale.map(({ id }) => ({ ghostId: id })),
      );
    });
  }
}
