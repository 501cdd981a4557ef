import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { SessionEntity } from '../sessions/session.entity.js';
import { AccountEntity } from './account.entity.js';

export type OneTimeTokenKind = 'password-reset' | 'email-verification' | 'ws-ticket' | 'email-change';

/**
 * A secret that works once. Owned by the account it acts for, under row-level security; keyed by its SHA-256; deleted by its
 * use, by a newer one of its kind (all but tickets), or by housekeeping after `expires_at`.
 */
@Entity({ schema: 'identity', name: 'one_time_token', comment: 'owner=user; erase=identity' })
@Check(
  'ck_one_time_token_kind',
  `(kind = ANY (ARRAY['password-reset'::text, 'email-verification'::text, 'ws-ticket'::text, 'email-change'::text]))`,
)
@Index('ix_one_time_token_user', ['userId', 'kind'])
@Index('ix_one_time_token_session', ['sessionId'], { where: '(session_id IS NOT NULL)' })
@Index('ix_one_time_token_expires_at', ['expiresAt'])
export class OneTimeTokenEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_one_time_token' })
  hash: Buffer;

  @ForeignKey(() => AccountEntity, { name: 'fk_one_time_token_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  kind: OneTimeTokenKind;

  /** Of a WebSocket ticket. */
  @ForeignKey(() => SessionEntity, { name: 'fk_one_time_token_session', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'session_id', nullable: true })
  sessionId: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
