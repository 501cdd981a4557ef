import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AlertEntity } from './alert.entity.js';

/**
 * An item for which an alert has fired and which is not armed again (alert-hysteresis.ts). Owned by the alert's account, under
 * row-level security; keyed by (account, alert, item); deleted when the item is armed again, and with the alert.
 */
@Entity({ schema: 'market', name: 'alert_state', comment: 'owner=user; erase=alerts' })
@ForeignKey(() => AlertEntity, ['userId', 'alertId'], ['userId', 'id'], {
  name: 'fk_alert_state_alert',
  onDelete: 'CASCADE',
})
export class AlertStateEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_alert_state' })
  userId: string;

  @PrimaryColumn('uuid', { name: 'alert_id', primaryKeyConstraintName: 'pk_alert_state' })
  alertId: string;

  @PrimaryColumn('integer', { name: 'item_id', primaryKeyConstraintName: 'pk_alert_state' })
  itemId: number;

  /** Whether the rule held when it was last asked. */
  @Column('boolean', { name: 'is_matching' })
  isMatching: boolean;

  /** When it fired last. */
  @Column('timestamptz', { name: 'fired_at' })
  firedAt: Date;
}
