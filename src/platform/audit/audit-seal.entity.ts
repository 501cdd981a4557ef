import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * A link of the chain over all events. Nobody's own; keyed by its place, from 1 on without gaps; inserted by the sealer; never
 * changed or deleted, which triggers refuse.
 */
@Entity({ schema: 'platform', name: 'audit_seal', comment: 'owner=none; erase=none' })
@Check('ck_audit_seal_hashes', '((seq > 0) AND (length(prev_hash) = 32) AND (length(hash) = 32))')
@Unique('uq_audit_seal_event', ['eventId'])
export class AuditSealEntity {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'pk_audit_seal' })
  seq: number;

  @Column('bigint', { name: 'event_id' })
  eventId: number;

  /** Of the seal before; random in the first, which names the chain. */
  @Column('bytea', { name: 'prev_hash' })
  prevHash: Buffer;

  @Column('bytea')
  hash: Buffer;
}
