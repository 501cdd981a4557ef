import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../jobs/job-definition.js';
import { NotificationDeliveriesRepository } from './notification-deliveries.repository.js';
import { NotificationsRepository } from './notifications.repository.js';
import { FORGET_NOTIFICATIONS } from './notifications.jobs.js';

const KEPT_DAYS = 90;
const DELIVERIES_KEPT_DAYS = 14;
/** Twice the age at which the sender gives one up; until then a dead job may be driven again. */
const ABANDONED_AFTER_DAYS = 2;

@Injectable()
@HandlesJob(FORGET_NOTIFICATIONS)
export class ForgetNotificationsHandler implements JobHandler<object> {
  constructor(
    private readonly rows: NotificationsRepository,
    private readonly deliveries: NotificationDeliveriesRepository,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    await run.once(async (tx) => {
      await this.deliveries.updateAbandoned(tx, ABANDONED_AFTER_DAYS);
      await this.deliveries.deleteBefore(tx, DELIVERIES_KEPT_DAYS);
      await this.rows.deleteBefore(tx, KEPT_DAYS);
    });
  }
}
