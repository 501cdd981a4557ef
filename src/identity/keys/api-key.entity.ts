import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Permission } from '../../platform/auth/principal.js';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * A key by which a machine acts for an account. Owned by that account, under row-level security; keyed by a UUIDv7; deleted
 * by its owner, by a lock of the account, and with the account.
 */
@Entity({ schema: 'identity', name: 'api_key', comment: 'owner=user; erase=identity' })
@Unique('uq_api_key_prefix', ['prefix'])
@Index('ix_api_key_user', ['userId', 'id'])
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_api_key' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_api_key_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** The part of the key that is shown. */
  @Column('text')
  prefix: string;

  /** SHA-256 of the whole key. */
  @Column('bytea')
  hash: Buffer;

  @Column('text')
  name: string;

  /** What it may do, as far as its account still may. */
  @Column('text', { array: true })
  scopes: Permission[];

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** Exact to a minute. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
