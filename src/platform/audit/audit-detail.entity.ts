import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * The personal part of an event. Owned by the account whose matter it was, under row-level security; keyed by its event;
 * inserted with it; deleted when the account is erased, and rid of its actor when that one is.
 */
@Entity({ schema: 'platform', name: 'audit_detail', comment: 'owner=user; erase=audit' })
@Index('ix_audit_detail_user', ['userId', 'eventId'])
@Index('ix_audit_detail_actor', ['actorId', 'eventId'])
export class AuditDetailEntity {
  @PrimaryColumn('bigint', { name: 'event_id', primaryKeyConstraintName: 'pk_audit_detail' })
  eventId: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** 16 random bytes of the detail's hash. */
  @Column('bytea')
  salt: Buffer;

  /** Text and not jsonb, so that it is hashed as it was written. */
  @Column('json', { nullable: true })
  before: unknown;

  @Column('json', { nullable: true })
  after: unknown;

  /** 16 random bytes of the actor's hash; null with the actor's erasure, as is all that follows. */
  @Column('bytea', { name: 'actor_salt', nullable: true })
  actorSalt: Buffer | null;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  /** Device session or key. */
  @Column('text', { name: 'session_id', nullable: true })
  sessionId: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;
}
