import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../jobs/job-definition.js';
import { NotificationSender } from './notification-sender.service.js';
import { DELIVER_NOTIFICATION } from './notifications.jobs.js';

@Injectable()
@HandlesJob(DELIVER_NOTIFICATION)
export class DeliverNotificationHandler implements JobHandler<{ deliveryId: string }> {
  constructor(private readonly sender: NotificationSender) {}

  handle({ deliveryId }: { deliveryId: string }, run: JobRun): Promise<void> {
    return this.sender.deliver(deliveryId, run);
  }
}
