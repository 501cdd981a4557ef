import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../database/database.module.js';
import { SYSTEM_SCOPE } from '../../database/system-scope.js';
import type { Tx } from '../../database/unit-of-work.js';
import type { JobRun } from '../../jobs/job-definition.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { type Logger, LOGGER } from '../../logging/logger.js';
import { settle, type Try, type TryOutcome } from '../../notifications/delivery-retries.js';
import { HookCaller } from '../../notifications/hook-caller.service.js';
import { Vault } from '../../vault/vault.service.js';
import { DELIVER_WEBHOOK } from './webhooks.jobs.js';
import { type DeliveryRow, type WebhookRow, WebhooksRepository } from './webhooks.repository.js';

const NO_ANSWER: TryOutcome = { status: null, error: null };

/** Brings deliveries to their receivers, at least once each; the delivery's id tells a receiver what it has seen before. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: WebhooksRepository,
    private readonly caller: HookCaller,
    private readonly jobs: Jobs,
    private readonly vault: Vault,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One try. What follows from it (the delivery's state, the hook's failures, the next try) is committed once. */
  async deliver(deliveryId: string, run: JobRun): Promise<void> {
    const found = await this.system.run(SYSTEM_SCOPE, (tx) => this.find(tx, deliveryId));
    if (found === undefined) return;
    const { delivery, hook, secret } = found;
    if (!hook.isEnabled) {
      await run.once((tx) => this.rows.updateDelivery(tx, delivery.id, 'dropped', NO_ANSWER, 0));
      return;
    }
    const { id, event, createdAt, details } = delivery;
    const body = { id, event, createdAt: createdAt.toISOString(), details };
    const call = { receiver: hook.id, url: hook.url, secret, event, deliveryId: id, body };
    const attempt = await this.caller.callSigned(call, run.signal);
    await run.once((tx) => this.settle(tx, delivery, hook, attempt));
  }

  private async find(
    tx: Tx,
    deliveryId: string,
  ): Promise<{ delivery: DeliveryRow; hook: WebhookRow; secret: string } | undefined> {
    const delivery = await this.rows.findDelivery(tx, deliveryId);
    if (delivery?.state !== 'pending') return undefined;
    const hook = await this.rows.findSealedWebhook(tx, delivery.webhookId);
    if (!hook) return undefined;
    const secret = await this.vault.open(tx, secretPlace(hook.id), hook.sealedSecret);
    return { delivery, hook, secret: secret.toString() };
  }

  private async settle(tx: Tx, delivery: DeliveryRow, hook: WebhookRow, attempt: Try): Promise<void> {
    const isDisabled = await this.rows.updateTried(tx, hook.id, attempt, !attempt.isOurs);
    if (isDisabled)
      tx.afterCommit(() =>
        this.logger.warn({ webhookId: hook.id, code: attempt.error }, 'a webhook was disabled'),
      );
    const ageMs = Date.now() - delivery.createdAt.getTime();
    const { state, waitMs, addedTries } = settle(attempt, delivery.tries, ageMs, isDisabled);
    await this.rows.updateDelivery(tx, delivery.id, state, attempt, addedTries);
    if (waitMs === undefined) return;
    const payload = { deliveryId: delivery.id };
    await this.jobs.enqueue(tx, SYSTEM_SCOPE, DELIVER_WEBHOOK, payload, { delayMs: waitMs });
  }
}

/** Where a hook's secret is sealed. */
export function secretPlace(webhookId: string) {
  return {
    table: 'platform.webhook',
    column: 'sealed_secret',
    rowId: webhookId,
    userId: SYSTEM_SCOPE.id,
  } as const;
}
