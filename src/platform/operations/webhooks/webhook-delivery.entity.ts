import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DeliveryState } from '../../notifications/delivery-retries.js';
import { WebhookEntity } from './webhook.entity.js';

/**
 * One event on its way to one hook. Nobody's own: events name no user; keyed by a UUIDv7, which the receiver sees too; deleted
 * two weeks later or with its hook.
 */
@Entity({ schema: 'platform', name: 'webhook_delivery', comment: 'owner=none; erase=none' })
@Check(
  'ck_webhook_delivery_state',
  `(state = ANY (ARRAY['pending'::text, 'delivered'::text, 'failed'::text, 'dropped'::text]))`,
)
@Index('ix_webhook_delivery_webhook', ['webhookId', 'id'])
@Index('ix_webhook_delivery_created_at', ['createdAt'])
export class WebhookDeliveryEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_webhook_delivery' })
  id: string;

  @ForeignKey(() => WebhookEntity, { name: 'fk_webhook_delivery_webhook', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'webhook_id' })
  webhookId: string;

  @Column('text')
  event: string;

  @Column('jsonb')
  details: object;

  /** `dropped`: its hook was disabled before it arrived. */
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
