import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { CURVE_RULES_VERSION } from './curve-rules.js';
import { GhostCurvesRepository } from './ghost-curves.repository.js';
import { BUILD_GHOST, RENEW_GHOSTS } from './ghosts.jobs.js';

/** Per run; what is left waits for the next one. */
const MOST = 1_000;

/** After a release with other rules; and old versions that no race needs any more go. */
@Injectable()
@HandlesJob(RENEW_GHOSTS)
export class RenewGhostsHandler implements JobHandler<object> {
  constructor(
    private readonly curves: GhostCurvesRepository,
    private readonly jobs: Jobs,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const old = await this.curves.listByOlderRules(tx, CURVE_RULES_VERSION, MOST);
      await this.jobs.enqueueShared(
        tx,
        BUILD_GHOST,
        old.map(({ id }) => ({ ghostId: id })),
      );
      await this.curves.deleteUnused(tx, MOST);
    });
  }
}
