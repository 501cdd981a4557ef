import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../audit/audit.service.js';
import type { Principal } from '../../auth/principal.js';
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
import { Notifications } from '../../notifications/notifications.service.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { channelEvent, shown } from './channel-events.js';
import type {
  ChannelDto,
  ChannelsDto,
  DeliveriesQueryDto,
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
    private readonly audit: Audit,
  ) {}

  async list(caller: Principal): Promise<ChannelsDto> {
    const rows = await this.uow.run(caller, (tx) => this.channels.listChannels(tx));
    return { items: rows.map(toChannelDto) };
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
}

function known(row: ChannelRow | undefined): ChannelRow {
  if (!row) throw new DomainError('notFound', OPERATIONS_ERROR.channelUnknown, 'There is no such channel.');
  return row;
}
