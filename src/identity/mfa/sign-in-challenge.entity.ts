import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * A sign-in that awaits its second factor. Owned by its account, and seen by the system role only; keyed by the SHA-256 of
 * what the client holds; deleted by its success, by a change of the password, by housekeeping after
 * `expires_at`.
 */
@Entity({ schema: 'identity', name: 'sign_in_challenge', comment: 'owner=user; erase=identity' })
@Index('ix_sign_in_challenge_user', ['userId'])
@Index('ix_sign_in_challenge_expires_at', ['expiresAt'])
export class SignInChallengeEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_sign_in_challenge' })
  hash: Buffer;

  @ForeignKey(() => AccountEntity, { name: 'fk_sign_in_challenge_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** Of the account when its password was right: another lock, role or a reset voids the challenge. */
  @Column('integer', { name: 'token_version' })
  tokenVersion: number;

  /** Codes tried so far. */
  @Column('smallint', { default: 0 })
  tries: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
