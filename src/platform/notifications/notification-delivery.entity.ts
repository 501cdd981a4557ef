import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryState } from './delivery-retries.js';
import { NotificationChannelEntity } from './notification-channel.entity.js';
import { NotificationEntity } from './notification.entity.js';

/**
 * One notification on its way to one place outside of the house. Owned by the account that is told, under row-level security; keyed
 * by a UUIDv7, which the receiver sees too; deleted two weeks later, or with its notification or channel.
 */
@Entity({ schema: 'platform', name: 'notification_delivery', comment: 'owner=user; erase=notifications' })
@Check('ck_notification_delivery_channel', `(channel = 'mail'::text) = (channel_id IS NULL)`)
@Check(
  'ck_notification_delivery_state',
  `(state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dropped'::text]))`,
)
@Index('ix_notification_delivery_notification', ['notificationId'])
@Index('ix_notification_delivery_channel', ['channelId'], { where: '(channel_id IS NOT NULL)' })
@Index('ix_notification_delivery_user_id', ['userId', 'id'])
@Index('ix_notification_delivery_created_at', ['createdAt'])
export class NotificationDeliveryEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notification_delivery' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => NotificationEntity, {
    name: 'fk_notification_delivery_notification',
    onDelete: 'CASCADE',
  })
  @Column('uuid', { name: 'notification_id' })
  notificationId: string;

  @Column('text')
  channel: 'mail' | 'webhook' | 'discord';

  /** Null for mail, which goes to the account's own address. */
  @ForeignKey(() => NotificationChannelEntity, {
    name: 'fk_notification_delivery_channel',
    onDelete: 'CASCADE',
  })
  @Column('uuid', { name: 'channel_id', nullable: true })
  channelId: string | null;

  @Column('text', { default: 'pending' })
  state: DeliveryState;

  @Column('integer', { default: 0 })
  tries: number;

  /** HTTP status of the last try. */
  @Column('integer', { nullable: true })
  status: number | null;

  /** Code of the last try's failure. */
  @Column('text', { nullable: true })
  error: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
