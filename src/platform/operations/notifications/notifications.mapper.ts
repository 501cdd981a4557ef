import type { ChannelRow } from '../../notifications/notification-channels.repository.js';
import type { DeliveryRow } from '../../notifications/notification-deliveries.repository.js';
import type { NotificationRow } from '../../notifications/notifications.repository.js';
import type { ChannelDto, NotificationDeliveryDto, NotificationDto } from './notifications.dto.js';

export function toNotificationDto(row: NotificationRow): NotificationDto {
  return {
    id: row.id,
    seq: row.seq,
    topic: row.topic,
    title: row.title,
    body: row.body,
    link: row.link,
    payload: row.payload,
    createdAt: row.createdAt.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
  };
}

export function toChannelDto(row: ChannelRow): ChannelDto {
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    origin: row.origin,
    isEnabled: row.isEnabled,
    failuresInRow: row.failuresInRow,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    lastTriedAt: row.lastTriedAt?.toISOString() ?? null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
  };
}

export function toNotificationDeliveryDto(row: DeliveryRow): NotificationDeliveryDto {
  return {
    id: row.id,
    notificationId: row.notificationId,
    topic: row.topic,
    channel: row.channel,
    channelId: row.channelId,
    state: row.state,
    tries: row.tries,
    status: row.status,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
