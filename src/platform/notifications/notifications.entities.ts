import { NotificationChannelEntity } from './notification-channel.entity.js';
import { NotificationDeliveryEntity } from './notification-delivery.entity.js';
import { NotificationInboxEntity } from './notification-inbox.entity.js';
import { NotificationPreferenceEntity } from './notification-preference.entity.js';
import { NotificationEntity } from './notification.entity.js';

/** Tables of notifications. */
export const NOTIFICATION_ENTITIES = [
  NotificationInboxEntity,
  NotificationEntity,
  NotificationPreferenceEntity,
  NotificationChannelEntity,
  NotificationDeliveryEntity,
] as const;
