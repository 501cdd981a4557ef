import { Inject, Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../database/database.module.js';
import { SYSTEM_SCOPE } from '../../database/system-scope.js';
import type { Tx } from '../../database/unit-of-work.js';
import type { JobRun } from '../../jobs/job-definition.js';
import { Jobs } from '../../jobs/jobs.service.js';
import { type Logger, LOGGER } from '../../logging/logger.js';
import { OUTBOUND_ERROR, OutboundError } from '../../outbound/outbound.errors.js';
import { defineProvider } from '../../outbound/outbound-policy.js';
import { Outbound } from '../../outbound/outbound.service.js';
import { Vault } from '../../vault/vault.service.js';
import { MOST_FAILURES_IN_ROW, nextTryMs } from './webhook-retries.js';
import { SIGNATURE_HEADER, signatureOf } from './webhook-signature.js';
import { DELIVER_WEBHOOK } from './webhooks.jobs.js';
import {
  type DeliveryRow,
  type TryOutcome,
  type WebhookRow,
  WebhooksRepository,
} from './webhooks.repository.js';

/** Receivers: addresses that people have typed in. Tries belong to the delivery, not to the call. */
const RECEIVER = defineProvider({
  provider: 'webhook',
  isUserGiven: true,
  mostTries: 1,
  mostResponseBytes: 100_000,
  mostParallel: 4,
});

/** Reasons of our own not to have called: the receiver is not to blame. */
const OUR_REASONS: ReadonlySet<string> = new Set([OUTBOUND_ERROR.circuitOpen, OUTBOUND_ERROR.tooBusy]);
const NO_ANSWER: TryOutcome = { status: null, error: null };

interface Try extends TryOutcome {
  readonly retryAfterMs: number | undefined;
}

/** Brings deliveries to their receivers, at least once each; the delivery's id tells a receiver what it has seen before. */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: WebhooksRepository,
    private readonly outbound: Outbound,
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
    const attempt = await this.send(delivery, hook, secret, run.signal);
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

  private async send(
    { id, event, createdAt, details }: DeliveryRow,
    { url }: WebhookRow,
    secret: string,
    signal: AbortSignal,
  ): Promise<Try> {
    const body = JSON.stringify({ id, event, createdAt: createdAt.toISOString(), details });
    const headers = {
      'content-type': 'application/json',
      'guildhall-event': event,
      'guildhall-delivery': id,
      [SIGNATURE_HEADER]: signatureOf(secret, body, Math.floor(Date.now() / 1_000)),
    };
    try {
      // A redirect would turn the POST into a GET that any page answers well.
      const request = { method: 'POST', url, headers, body, redirect: 'manual', signal } as const;
      const { status } = await this.outbound.request(RECEIVER, request);
      const isGood = status >= 200 && status <= 299;
      return { status, error: isGood ? null : OUTBOUND_ERROR.refused, retryAfterMs: undefined };
    } catch (error) {
      if (!(error instanceof OutboundError) || error.code === OUTBOUND_ERROR.aborted) throw error;
      return { status: error.status ?? null, error: error.code, retryAfterMs: error.retryAfterMs };
    }
  }

  private async settle(tx: Tx, delivery: DeliveryRow, hook: WebhookRow, attempt: Try): Promise<void> {
    const { error, retryAfterMs } = attempt;
    const isOurs = error !== null && OUR_REASONS.has(error);
    const isDisabled = await this.rows.updateTried(tx, hook.id, attempt, !isOurs, MOST_FAILURES_IN_ROW);
    if (isDisabled)
      tx.afterCommit(() => this.logger.warn({ webhookId: hook.id, code: error }, 'a webhook was disabled'));
    const tries = delivery.tries + (isOurs ? 0 : 1);
    const ageMs = Date.now() - delivery.createdAt.getTime();
    const waitMs = nextTryMs(Math.max(1, tries), ageMs, retryAfterMs);
    const failed = waitMs === undefined ? 'failed' : 'pending';
    const state = error === null ? 'delivered' : isDisabled ? 'dropped' : failed;
    await this.rows.updateDelivery(tx, delivery.id, state, attempt, isOurs ? 0 : 1);
    if (state !== 'pending' || waitMs === undefined) return;
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
