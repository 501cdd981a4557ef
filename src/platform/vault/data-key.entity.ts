import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * The key of one user's secrets, sealed by a key of the installation. Owned by the user, under row-level security, and keyed by
 * the user; inserted with the first secret, sealed anew by rotation; deleting it makes all of the user's secrets unreadable.
 */
@Entity({ schema: 'platform', name: 'data_key', comment: 'owner=user; erase=vault' })
@Unique('uq_data_key_id', ['id'])
@Index('ix_data_key_kid', ['kid', 'userId'])
export class DataKeyEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_data_key' })
  userId: string;

  /** Stands in every value that the key has sealed. */
  @Column('uuid')
  id: string;

  /** Which key of the installation has sealed it: SECRETS_KEY or one of SECRETS_KEYS_OLD. */
  @Column('text')
  kid: string;

  /** An envelope of 32 bytes. */
  @Column('bytea')
  wrapped: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
