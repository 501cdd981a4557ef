import { Entity, PrimaryColumn } from 'typeorm';

/** A committed event that waits for its seal. Nobody's own; keyed by the event; deleted by the sealer. */
@Entity({ schema: 'platform', name: 'audit_pending', comment: 'owner=none; erase=none' })
export class AuditPendingEntity {
  @PrimaryColumn('bigint', { name: 'event_id', primaryKeyConstraintName: 'pk_audit_pending' })
  eventId: number;
}
