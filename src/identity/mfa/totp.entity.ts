import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * The authenticator app of an account. Owned by it, under row-level security, and keyed by it; it counts once `confirmed_at`
 * is set. Deleted by its owner, replaced by another enrolment while it is not confirmed.
 */
@Entity({ schema: 'identity', name: 'totp', comment: 'owner=user; erase=identity' })
export class TotpEntity {
  @ForeignKey(() => AccountEntity, { name: 'fk_totp_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_totp' })
  userId: string;

  /** Base32 text, sealed by the vault. */
  @Column('bytea', { name: 'sealed_seed' })
  sealedSeed: Buffer;

  /** The newest step of 30 s of which a code has counted; it and older ones count no more. */
  @Column('integer', { name: 'last_step', default: 0 })
  lastStep: number;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
