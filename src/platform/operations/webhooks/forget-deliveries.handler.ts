import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../jobs/job-definition.js';
import { FORGET_DELIVERIES } from './webhooks.jobs.js';
import { WebhooksRepository } from './webhooks.repository.js';

const KEPT_DAYS = 14;

@Injectable()
@HandlesJob(FORGET_DELIVERIES)
export class ForgetDeliveriesHandler implements JobHandler<object> {
  constructor(private readonly rows: WebhooksRepository) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once((tx) => this.rows.deleteDeliveriesBefore(tx, KEPT_DAYS));
  }
}
