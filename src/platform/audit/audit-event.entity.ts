import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A change: what was done to what, and hashes of the rest. Nobody's own, since it names no person; keyed by an ascending id;
 * inserted by platform.record_audit in the transaction of the change; never changed or deleted, which triggers refuse.
 */
@Entity({ schema: 'platform', name: 'audit_event', comment: 'owner=none; erase=none' })
@Check('ck_audit_event_hashes', '((length(actor_hash) = 32) AND (length(detail_hash) = 32))')
@Index('ix_audit_event_at', ['at', 'id'])
@Index('ix_audit_event_object', ['objectType', 'objectId', 'id'])
@Index('ix_audit_event_action', ['action', 'id'])
export class AuditEventEntity {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_audit_event',
  })
  id: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at: Date;

  /** `<domain>.<what was done>` */
  @Column('text')
  action: string;

  /** `<domain>.<thing>` */
  @Column('text', { name: 'object_type' })
  objectType: string;

  @Column('text', { name: 'object_id' })
  objectId: string;

  /** Salted SHA-256 of actor, session and request: a pseudonym that no two events share. */
  @Column('bytea', { name: 'actor_hash' })
  actorHash: Buffer;

  /** Salted SHA-256 of subject, before and after. */
  @Column('bytea', { name: 'detail_hash' })
  detailHash: Buffer;
}
