import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { HookKind } from './channel-kinds.js';

/**
 * A place of an account's own where it wants to be told. Owned by that account, under row-level security; keyed by a UUIDv7; deleted
 * by its owner, with its deliveries.
 */
@Entity({ schema: 'platform', name: 'notification_channel', comment: 'owner=user; erase=notifications' })
@Check('ck_notification_channel_kind', `(kind = ANY (ARRAY['webhook'::text, 'discord'::text]))`)
@Check('ck_notification_channel_disabled_at', 'is_enabled = (disabled_at IS NULL)')
@Index('ix_notification_channel_user_id', ['userId', 'id'])
export class NotificationChannelEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notification_channel' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  kind: HookKind;

  @Column('text', { nullable: true })
  label: string | null;

  /** Scheme and host of its URL; the rest may be a secret. */
  @Column('text')
  origin: string;

  /** Its URL and, of a webhook, the signing secret, as JSON, sealed. */
  @Column('bytea', { name: 'sealed_target' })
  sealedTarget: Buffer;

  @Column('boolean', { name: 'is_enabled', default: true })
  isEnabled: boolean;

  /** Tries that failed since the last that went well. */
  @Column('integer', { name: 'failures_in_row', default: 0 })
  failuresInRow: number;

  /** When the first of these failed. */
  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince: Date | null;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt: Date | null;

  @Column('timestamptz', { name: 'last_tried_at', nullable: true })
  lastTriedAt: Date | null;

  /** HTTP status of the last try; null where there was no answer. */
  @Column('integer', { name: 'last_status', nullable: true })
  lastStatus: number | null;

  /** Code of the last try's failure. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
