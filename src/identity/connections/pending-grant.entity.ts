import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/** What a grant is waiting to become. */
export type PendingPurpose = 'connect' | 'link';

/**
 * What a provider has given and nobody has come for yet. Owned by the account that began, under row-level security; keyed by a UUIDv7
 * and found by the SHA-256 of its code; deleted by its use, or given back to the provider minutes after `expires_at`.
 */
@Entity({ schema: 'identity', name: 'pending_grant', comment: 'owner=user; erase=identity' })
@Unique('uq_pending_grant_code', ['codeHash'])
@Check('ck_pending_grant_purpose', `(purpose = ANY (ARRAY['connect'::text, 'link'::text]))`)
@Index('ix_pending_grant_user', ['userId'])
@Index('ix_pending_grant_expires_at', ['expiresAt'])
export class PendingGrantEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_pending_grant' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_pending_grant_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('bytea', { name: 'code_hash' })
  codeHash: Buffer;

  @Column('text')
  purpose: PendingPurpose;

  @Column('text')
  provider: string;

  /** JSON, see pending-grants.service.ts; by the vault, for this row. */
  @Column('bytea', { name: 'sealed_grant' })
  sealedGrant: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
