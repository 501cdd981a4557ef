import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../jobs/job-definition.js';
import { WebhookSender } from './webhook-sender.service.js';
import { DELIVER_WEBHOOK } from './webhooks.jobs.js';

@Injectable()
@HandlesJob(DELIVER_WEBHOOK)
export class DeliverWebhookHandler implements JobHandler<{ deliveryId: string }> {
  constructor(private readonly sender: WebhookSender) {}

  handle({ deliveryId }: { deliveryId: string }, run: JobRun): Promise<void> {
    return this.sender.deliver(deliveryId, run);
  }
}
