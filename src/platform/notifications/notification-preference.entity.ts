import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChannelKind } from './channel-kinds.js';

/**
 * Whether an account wants a topic by a channel, where that differs from the default. Owned by that account, under row-level
 * security; keyed by (account, topic, channel), topic `*` for all that have no row of their own; deleted by its owner.
 */
@Entity({ schema: 'platform', name: 'notification_preference', comment: 'owner=user; erase=notifications' })
@Check(
  'ck_notification_preference_channel',
  `(channel = ANY (ARRAY['in-app'::text, 'webhook'::text, 'mail'::text, 'discord'::text]))`,
)
export class NotificationPreferenceEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_notification_preference' })
  userId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_notification_preference' })
  topic: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_notification_preference' })
  channel: ChannelKind;

  @Column('boolean', { name: 'is_enabled' })
  isEnabled: boolean;
}
