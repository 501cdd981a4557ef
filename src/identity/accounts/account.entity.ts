import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../../platform/auth/principal.js';

/**
 * A person. Owned by itself: its id is what policies compare with; keyed by a UUIDv7; deleted by its owner or an erasure, and
 * all that hangs on it goes with it.
 */
@Entity({ schema: 'identity', name: 'account', comment: 'owner=user; erase=identity' })
@Unique('uq_account_email', ['email'])
@Index('ix_account_administrator', ['id'], {
  where: `((role = 'administrator'::text) AND (locked_at IS NULL))`,
})
@Check('ck_account_email', `(email = lower(email))`)
@Check('ck_account_pending_email', `(pending_email = lower(pending_email))`)
@Check('ck_account_role', `(role = ANY (ARRAY['member'::text, 'administrator'::text]))`)
export class AccountEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_account' })
  id: string;

  /** Normalised (see email-address.ts); null for one that signs in elsewhere only. */
  @Column('text', { nullable: true })
  email: string | null;

  /** What it is about to be; null most of the time. */
  @Column('text', { name: 'pending_email', nullable: true })
  pendingEmail: string | null;

  /** argon2id in PHC form; null for one that signs in elsewhere only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @Column('text', { default: () => `'member'` })
  role: Role;

  @Column('text', { name: 'display_name', nullable: true })
  displayName: string | null;

  /** Access tokens of a lower one are refused. */
  @Column('integer', { name: 'token_version', default: 1 })
  tokenVersion: number;

  /** When it was last raised: tokens of outside issuers from before are refused. A trigger keeps it. */
  @Column('timestamptz', { name: 'tokens_since', nullable: true })
  tokensSince: Date | null;

  /** Of what the owner and administrators see and change. */
  @Column('integer', { default: 1 })
  version: number;

  /** When the address was proved to be the owner's. */
  @Column('timestamptz', { name: 'verified_at', nullable: true })
  verifiedAt: Date | null;

  @Column('timestamptz', { name: 'locked_at', nullable: true })
  lockedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
