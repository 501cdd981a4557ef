import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AccountEntity } from '../accounts/account.entity.js';

/** A code for a lost phone. Owned by its account, under row-level security; keyed by its SHA-256; deleted by its use. */
@Entity({ schema: 'identity', name: 'recovery_code', comment: 'owner=user; erase=identity' })
export class RecoveryCodeEntity {
  @ForeignKey(() => AccountEntity, { name: 'fk_recovery_code_user', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_recovery_code' })
  userId: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_recovery_code' })
  hash: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
