import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Where administrators want to be told of events. The installation's own, no user's; keyed by a UUIDv7; deleted by
 * administrators, with its deliveries.
 */
@Entity({ schema: 'platform', name: 'webhook', comment: 'owner=none; erase=none' })
@Check('ck_webhook_disabled_at', 'is_enabled = (disabled_at IS NULL)')
export class WebhookEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_webhook' })
  id: string;

  @Column('text')
  url: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text', { array: true })
  events: string[];

  /** The signing secret, sealed. */
  @Column('bytea', { name: 'sealed_secret' })
  sealedSecret: Buffer;

  @Column('boolean', { name: 'is_enabled', default: true })
  isEnabled: boolean;

  /** Tries that failed since the last that went well. */
  @Column('integer', { name: 'failures_in_row', default: 0 })
  failuresInRow: number;

  /** The first of them; null while none failed. */
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
