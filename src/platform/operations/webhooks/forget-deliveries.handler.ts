import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../jobs/job-definition.js';
import { FORGET_DELIVERIES } from './webhooks.jobs.js';
import { WebhooksRepository } from './webhooks.repository.js';

const KEPT_DAYS = 14;
/** Twice the age at which the sender gives one up; until then a dead job may be driven again. */
const ABANDONED_AFTER_DAYS = 2;

@Injectable()
@HandlesJob(FORGET_DELIVERIES)
export class ForgetDeliveriesHandler implements JobHandler<object> {
  constructor(private readonly rows: WebhooksRepository) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      await this.rows.updateAbandoned(tx, ABANDONED_AFTER_DAYS);
      await this.rows.deleteDeliveriesBefore(tx, KEPT_DAYS);
    });
  }
}
