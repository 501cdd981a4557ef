import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

export type ConnectionState = 'connected' | 'needs-sign-in';

/**
 * Somebody's access to a third party. Owned by its account, under row-level security; keyed by a UUIDv7, one per account and
 * provider; lives until it is disconnected or the account goes.
 */
@Entity({ schema: 'identity', name: 'connection', comment: 'owner=user; erase=identity' })
@Unique('uq_connection_user_provider', ['userId', 'provider'])
@Check('ck_connection_state', `(state = ANY (ARRAY['connected'::text, 'needs-sign-in'::text]))`)
@Check('ck_connection_tokens', `((state = 'connected'::text) = (sealed_access_token IS NOT NULL))`)
@Check('ck_connection_lease', `((lease_id IS NULL) = (lease_until IS NULL))`)
export class ConnectionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_connection' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_connection_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  provider: string;

  @Column('text', { default: () => `'connected'` })
  state: ConnectionState;

  /** What the provider calls the account, where it says so. */
  @Column('text', { nullable: true })
  subject: string | null;

  /** As the provider has granted them, which may be fewer than were asked for. */
  @Column('text', { name: 'granted_scopes', array: true })
  grantedScopes: string[];

  /** By the vault, for this row and column. */
  @Column('bytea', { name: 'sealed_access_token', nullable: true })
  sealedAccessToken: Buffer | null;

  @Column('bytea', { name: 'sealed_refresh_token', nullable: true })
  sealedRefreshToken: Buffer | null;

  /** Null: the provider says no end. */
  @Column('timestamptz', { name: 'access_expires_at', nullable: true })
  accessExpiresAt: Date | null;

  /** Whoever is asking the provider for new tokens; nobody else may meanwhile. */
  @Column('uuid', { name: 'lease_id', nullable: true })
  leaseId: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
