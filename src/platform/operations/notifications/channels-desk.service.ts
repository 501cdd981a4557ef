import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
import { ENV } from '../../config/config.module.js';
import type { Env } from '../../config/env.js';
import { type Tx, UnitOfWork } from '../../database/unit-of-work.js';
import { isUuid } from '../../database/uuid.js';
import { DomainError } from '../../http/domain-error.js';
import { decodeCursor, toPage } from '../../http/keyset.js';
import { MOST_AGE_MS } from '../../notifications/delivery-retries.js';
import {
  type ChannelRow,
  NotificationChannelsRepository,
} from '../../notifications/notification-channels.repository.js';
import { NotificationDeliveriesRepository } from '../../notifications/notification-deliveries.repository.js';
import { type ChannelTarget, targetPlace } from '../../notifications/notification-sender.service.js';
import { MOST_CHANNELS, Notifications } from '../../notifications/notifications.service.js';
import { Vault } from '../../vault/vault.service.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { targetUrl } from './channel-url.js';
import type {
  ChannelDto,
  ChannelsDto,
  CreatedChannelDto,
  DeliveriesQueryDto,
  NewChannelDto,
  NotificationDeliveriesDto,
  NotificationDeliveryDto,
} from './notifications.dto.js';
import { toChannelDto, toNotificationDeliveryDto } from './notifications.mapper.js';

/** Places of an account's own where it wants to be told, and what became of what was sent there. */
@Injectable()
export class ChannelsDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly channels: NotificationChannelsRepository,
    private readonly deliveries: NotificationDeliveriesRepository,
    private readonly notifications: Notifications,
    private readonly vault: Vault,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async list(caller: Principal): Promise<ChannelsDto> {
    const rows = await this.uow.run(caller, (tx) => this.channels.listChannels(tx));
    return { items: rows.map(toChannelDto) };
  }

  /** The address is judged as far as the URL tells; the connection judges it again, each time. */
  create(caller: Principal, { kind, url, label }: NewChannelDto): Promise<CreatedChannelDto> {
    const target = targetUrl(kind, url, this.env.isOutboundPrivateAllowed);
    const id = uuidv7();
    const userId = caller.id;
    const secret = kind === 'webhook' ? `whsec_${randomBytes(32).toString('base64url')}` : undefined;
    const plain: ChannelTarget = { url: target.href, ...(secret === undefined ? {} : { secret }) };
    return this.uow.run(caller, async (tx) => {
      await this.assertRoom(tx, userId);
      const sealedTarget = await this.vault.seal(tx, targetPlace({ id, userId }), JSON.stringify(plain));
      const row = { id, userId, kind, label: label ?? null, origin: target.origin, sealedTarget };
      const made = await this.channels.insertChannel(tx, row);
      await this.audit.record(tx, caller, channelEvent('created', id, { after: shown(made) }));
      return { ...toChannelDto(made), secret: secret ?? null };
    });
  }

  async delete(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const gone = known(isUuid(id) ? await this.channels.deleteChannel(tx, id) : undefined);
      await this.audit.record(tx, caller, channelEvent('deleted', id, { before: shown(gone) }));
    });
  }

  enable(caller: Principal, id: string): Promise<ChannelDto> {
    return this.uow.run(caller, async (tx) => {
      const { isEnabled } = await this.get(tx, id);
      await this.channels.updateEnabled(tx, id);
      await this.notifications.enqueue(tx, await this.deliveries.releaseWaiting(tx, id, MOST_AGE_MS));
      const change = { before: { isEnabled }, after: { isEnabled: true } };
      await this.audit.record(tx, caller, channelEvent('enabled', id, change));
      return toChannelDto(await this.get(tx, id));
    });
  }

  /** Tells this channel alone, whatever the preferences say. */
  test(caller: Principal, id: string): Promise<NotificationDeliveryDto> {
    return this.uow.run(caller, async (tx) => {
      const { kind, isEnabled } = await this.get(tx, id);
      if (!isEnabled)
        throw new DomainError('conflict', OPERATIONS_ERROR.channelDisabled, 'The channel is disabled.');
      const deliveryId = uuidv7();
      const notificationId = await this.notifications.insertUnlisted(tx, {
        userId: caller.id,
        topic: 'platform.channel-test',
        key: `channel-test/${deliveryId}`,
        title: 'A test',
        body: 'This is how notifications of this server arrive here.',
        payload: { channelId: id },
      });
      const delivery = { id: deliveryId, userId: caller.id, notificationId, channel: kind, channelId: id };
      await this.deliveries.insertDelivery(tx, delivery);
      await this.notifications.enqueue(tx, [deliveryId]);
      await this.audit.record(tx, caller, channelEvent('tested', id, { after: { deliveryId } }));
      return toNotificationDeliveryDto((await this.deliveries.findDelivery(tx, deliveryId))!);
    });
  }

  async listDeliveries(caller: Principal, query: DeliveriesQueryDto): Promise<NotificationDeliveriesDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) return { items: [], nextCursor: null };
    const page = { before, channelId: query.channelId ?? null, limit: query.limit + 1 };
    const rows = await this.uow.run(caller, (tx) => this.deliveries.listPage(tx, page));
    return toPage(rows, query.limit, (row) => [row.id], toNotificationDeliveryDto);
  }

  private async get(tx: Tx, id: string): Promise<ChannelRow> {
    return known(isUuid(id) ? await this.channels.findChannel(tx, id) : undefined);
  }

  /** Whoever comes at the same time waits here for the commit, and then counts what it added. */
  private async assertRoom(tx: Tx, userId: string): Promise<void> {
    await this.channels.lockRoom(tx, userId);
    if ((await this.channels.listChannels(tx)).length >= MOST_CHANNELS)
      throw new DomainError(
        'conflict',
        OPERATIONS_ERROR.tooManyChannels,
        `There are ${MOST_CHANNELS} channels, the most an account may have.`,
      );
  }
}

function known(row: ChannelRow | undefined): ChannelRow {
  if (!row) throw new DomainError('notFound', OPERATIONS_ERROR.channelUnknown, 'There is no such channel.');
  return row;
}

function shown({ kind, origin, label }: ChannelRow): object {
  return { kind, origin, label };
}

function channelEvent(
  what: 'created' | 'deleted' | 'enabled' | 'tested',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  const object = { type: 'platform.notification-channel', id };
  return { action: `platform.notification-channel-${what}`, object, ...change };
}
