import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import type { Tx } from '../database/unit-of-work.js';
import type { JobRun } from '../jobs/job-definition.js';
import { SecretErasedError } from '../vault/vault.errors.js';
import { Vault } from '../vault/vault.service.js';
import { CHANNEL_DISABLED, CHANNEL_ERASED, settle, type Try, type TryOutcome } from './delivery-retries.js';
import { HookCaller } from './hook-caller.service.js';
import { MailSender } from './mail-sender.service.js';
import { NotificationChannelsRepository } from './notification-channels.repository.js';
import { type DeliveryRow, NotificationDeliveriesRepository } from './notification-deliveries.repository.js';
import { channelNews, toDiscord } from './notification-text.js';
import { Notifications } from './notifications.service.js';

/** What is sealed of a channel. */
export interface ChannelTarget {
  readonly url: string;
  /** Signs what a webhook is sent. */
  readonly secret?: string;
}

type Way =
  { kind: 'mail'; to: string } | ({ kind: 'webhook' | 'discord'; channelId: string } & ChannelTarget);

/** Brings notifications out of the house, at least once each; the delivery's id tells a receiver what it has seen before. */
@Injectable()
export class NotificationSender {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly deliveries: NotificationDeliveriesRepository,
    private readonly channels: NotificationChannelsRepository,
    private readonly notifications: Notifications,
    private readonly caller: HookCaller,
    private readonly mails: MailSender,
    private readonly vault: Vault,
  ) {}

  /** One try. What follows from it (the delivery's state, the channel's failures, the next try) is committed once. */
  async deliver(deliveryId: string, run: JobRun): Promise<void> {
    const found = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const delivery = await this.deliveries.findDelivery(tx, deliveryId);
      return delivery?.state === 'pending' ? { delivery, way: await this.wayOf(tx, delivery) } : undefined;
    });
    if (found === undefined) return;
    const { delivery, way } = found;
    if (way === CHANNEL_DISABLED) {
      await run.once((tx) => this.wait(tx, delivery));
      return;
    }
    if (typeof way === 'string') {
      await run.once((tx) => this.end(tx, delivery, 'dropped', { status: null, error: way }));
      return;
    }
    const attempt = await this.send(delivery, way, run.signal);
    await run.once((tx) => this.settle(tx, delivery, attempt));
  }

  /** @returns the code of what is in the way, where there is none */
  private async wayOf(tx: Tx, { userId, channel, channelId }: DeliveryRow): Promise<Way | string> {
    if (channel === 'mail') return this.mails.wayTo(tx, userId);
    const row = channelId === null ? undefined : await this.channels.findChannel(tx, channelId);
    if (!row?.isEnabled) return CHANNEL_DISABLED;
    const sealed = await this.channels.getSealedTarget(tx, row.id);
    try {
      const plain = await this.vault.open(tx, targetPlace(row), sealed);
      return { kind: row.kind, channelId: row.id, ...(JSON.parse(plain.toString()) as ChannelTarget) };
    } catch (error) {
      if (error instanceof SecretErasedError) return CHANNEL_ERASED; // the account is being erased
      throw error;
    }
  }

  private send(delivery: DeliveryRow, way: Way, signal: AbortSignal): Promise<Try> {
    if (way.kind === 'mail') return this.mails.send(way.to, delivery);
    const { channelId: receiver, url, secret = '' } = way;
    if (way.kind === 'discord') return this.caller.callDiscord(receiver, url, toDiscord(delivery), signal);
    const { id, notificationId, seq, topic, createdAt, title, body, link, payload } = delivery;
    const shown = { id, event: topic, createdAt: createdAt.toISOString(), notificationId, seq };
    const call = { receiver, url, secret, event: topic, deliveryId: id };
    return this.caller.callSigned({ ...call, body: { ...shown, title, body, link, payload } }, signal);
  }

  private async settle(tx: Tx, delivery: DeliveryRow, attempt: Try): Promise<void> {
    const { channelId, userId } = delivery;
    const disabled =
      channelId === null
        ? undefined
        : await this.channels.updateTried(tx, channelId, attempt, !attempt.isOurs);
    const ageMs = Date.now() - delivery.createdAt.getTime();
    const { state, waitMs, addedTries } = settle(attempt, delivery.tries, ageMs, false);
    await this.end(tx, delivery, state, attempt, addedTries);
    if (disabled) await this.notifications.publish(tx, { userId, ...channelNews(disabled) });
    if (waitMs === undefined) return;
    if (disabled) await this.wait(tx, delivery);
    else await this.notifications.enqueue(tx, [delivery.id], waitMs);
  }

  /** Until its channel is enabled, which sends it again. It may have been meanwhile. */
  private async wait(tx: Tx, delivery: DeliveryRow): Promise<void> {
    const isEnabled =
      delivery.channelId !== null && (await this.channels.lockIsEnabled(tx, delivery.channelId));
    if (isEnabled) await this.notifications.enqueue(tx, [delivery.id]);
    else await this.end(tx, delivery, 'pending', { status: null, error: CHANNEL_DISABLED });
  }

  private end(
    tx: Tx,
    { id }: DeliveryRow,
    state: DeliveryRow['state'],
    outcome: TryOutcome,
    addedTries = 0,
  ): Promise<void> {
    return this.deliveries.updateDelivery(tx, id, state, outcome, addedTries);
  }
}

/** Where a channel's target is sealed. */
export function targetPlace({ id, userId }: { id: string; userId: string }) {
  return { table: 'platform.notification_channel', column: 'sealed_target', rowId: id, userId } as const;
}
