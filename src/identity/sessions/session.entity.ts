import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * One device that is signed in. Owned by its account, under row-level security; keyed by a UUIDv7; ended by `revoked_at` or
 * by not being used until `expires_at`, deleted by housekeeping a month after either.
 */
@Entity({ schema: 'identity', name: 'session', comment: 'owner=user; erase=identity' })
@Index('ix_session_user', ['userId', 'id'])
@Index('ix_session_expires_at', ['expiresAt'])
export class SessionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_session' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_session_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** As the client calls it. */
  @Column('text', { name: 'device_name', nullable: true })
  deviceName: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  /** The network from which it signed in, never the whole address. */
  @Column('text', { name: 'ip_prefix', nullable: true })
  ipPrefix: string | null;

  /** Rotations of its refresh token so far. */
  @Column('integer', { default: 0 })
  counter: number;

  /** SHA-256 of the refresh token. */
  @Column('bytea', { name: 'refresh_hash' })
  refreshHash: Buffer;

  /** The same of the one before. */
  @Column('bytea', { name: 'parent_hash', nullable: true })
  parentHash: Buffer | null;

  /** Marks this session's refresh tokens, so that an old one is told from an invented one. */
  @Column('bytea', { name: 'mark_key' })
  markKey: Buffer;

  /** With it the parent gives the current token, see refresh-token.codec.ts. */
  @Column('bytea', { name: 'rotation_nonce', nullable: true })
  rotationNonce: Buffer | null;

  @Column('timestamptz', { name: 'rotated_at', nullable: true })
  rotatedAt: Date | null;

  /** When its user last proved password or second factor. */
  @Column('timestamptz', { name: 'proved_at', default: () => 'now()' })
  provedAt: Date;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** Last sign-in or refresh. */
  @Column('timestamptz', { name: 'last_used_at', default: () => 'now()' })
  lastUsedAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}
