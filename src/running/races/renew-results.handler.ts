import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { RaceResultsRepository } from './race-results.repository.js';
import { RENEW_RESULTS, SETTLE_RACES } from './races.jobs.js';
import { RESULT_RULES_VERSION } from './settled-result.js';

/** Per run; what is left waits for the next one. */
const MOST = 500;

/** After a release with other rules: each run is judged anew by a job of its own. */
@Injectable()
@HandlesJob(RENEW_RESULTS)
export class RenewResultsHandler implements JobHandler<object> {
  constructor(
    private readonly results: RaceResultsRepository,
    private readonly jobs: Jobs,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      const old = await this.results.listRunsByOlderRules(tx, RESULT_RULES_VERSION, MOST);
      await this.jobs.enqueueShared(
        tx,
        SETTLE_RACES,
        old.map(({ runId }) => ({ runId })),
      );
    });
  }
}
