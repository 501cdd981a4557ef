import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/**
 * Who an account is elsewhere. Owned by its account, under row-level security; keyed by a UUIDv7, one per issuer and subject;
 * lives until it is unlinked or the account goes.
 */
@Entity({ schema: 'identity', name: 'external_identity', comment: 'owner=user; erase=identity' })
@Unique('uq_external_identity_subject', ['issuer', 'subject'])
@Index('ix_external_identity_user', ['userId', 'id'])
export class ExternalIdentityEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_external_identity' })
  id: string;

  @ForeignKey(() => AccountEntity, { name: 'fk_external_identity_user', onDelete: 'CASCADE' })
  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** As its tokens say it. */
  @Column('text')
  issuer: string;

  @Column('text')
  subject: string;

  /** By which one signs in here; null for an issuer whose tokens are taken as they are. */
  @Column('text', { nullable: true })
  provider: string | null;

  /** As the issuer said at that time: shown to its owner, never looked up. */
  @Column('text', { nullable: true })
  email: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
