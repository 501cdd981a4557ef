import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * A token of a connection that is no more, until its provider has been told. Owned by its account, under row-level security, or by
 * nobody when that is gone; keyed by a UUIDv7; deleted when the provider knows, or by housekeeping after a week.
 */
@Entity({ schema: 'identity', name: 'parting_token', comment: 'owner=user; erase=identity' })
@Index('ix_parting_token_user', ['userId'])
@Index('ix_parting_token_created_at', ['createdAt'])
export class PartingTokenEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_parting_token' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_parting_token_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id', nullable: true })
  userId: string | null;

  @Column('text')
  provider: string;

  /** By the vault, for this row; nobody's by the platform's own key. */
  @Column('bytea', { name: 'sealed_token' })
  sealedToken: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
