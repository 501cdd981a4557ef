import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM_SCOPE } from '../../database/system-scope.js';
import type { Tx } from '../../database/unit-of-work.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { PerformanceSink, type SinkNews } from '../../profiling/performance-sink.service.js';
import { errorGroupDetails, slowRequestDetails, type WebhookEvent } from './webhook-events.js';
import { DELIVER_WEBHOOK } from './webhooks.jobs.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Hooks of one installation; also the most deliveries that one event makes. */
export const MOST_WEBHOOKS = 50;

/** Turns events into deliveries, in the transaction in which the event is written down: one exists exactly if the other does. */
@Injectable()
export class WebhookAnnouncer {
  constructor(
    private readonly rows: WebhooksRepository,
    private readonly jobs: Jobs,
    sink: PerformanceSink,
  ) {
    sink.tellNews((tx, news) => this.announceNews(tx, news));
  }

  /** @returns the number of hooks that asked for it */
  async announce(tx: Tx, event: WebhookEvent, details: object): Promise<number> {
    const ids = Array.from({ length: MOST_WEBHOOKS }, () => uuidv7());
    const used = await this.rows.insertDeliveries(tx, event, details, ids);
    const payloads = used.map((deliveryId) => ({ deliveryId }));
    return this.jobs.enqueueMany(tx, SYSTEM_SCOPE, DELIVER_WEBHOOK, payloads);
  }

  /** What one batch of the sink holds is one event of each kind, so a storm of alerts is one delivery a second. */
  private async announceNews(tx: Tx, { alerts, openedErrors }: SinkNews): Promise<void> {
    if (alerts.length > 0) await this.announce(tx, 'slow_request_alert', slowRequestDetails(alerts));
    if (openedErrors.length > 0)
      await this.announce(tx, 'error_group.opened', errorGroupDetails(openedErrors));
  }
}
