import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { AlertEvaluationRepository } from './alert-evaluation.repository.js';
import { AlertRequests } from './alert-requests.service.js';
import { SWEEP_ALERTS } from './alerts.jobs.js';

@Injectable()
@HandlesJob(SWEEP_ALERTS)
export class SweepAlertsHandler implements JobHandler<object> {
  constructor(
    private readonly rows: AlertEvaluationRepository,
    private readonly requests: AlertRequests,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => this.requests.request(tx, await this.rows.listDueServers(tx)));
  }
}
