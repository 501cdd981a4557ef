import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * What an app exchanges for tokens after a sign-in elsewhere. Owned by the account, under row-level security; keyed by its
 * SHA-256; deleted by its use, or by housekeeping after `expires_at`.
 */
@Entity({ schema: 'identity', name: 'sign_in_code', comment: 'owner=user; erase=identity' })
@Index('ix_sign_in_code_user', ['userId'])
@Index('ix_sign_in_code_expires_at', ['expiresAt'])
export class SignInCodeEntity {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_sign_in_code' })
  hash: Buffer;

  @ForeignKey(() => AccountEntity, { name: 'fk_sign_in_code_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** S256; who brings the code must know what it was made of. */
  @Column('text', { name: 'code_challenge' })
  codeChallenge: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
