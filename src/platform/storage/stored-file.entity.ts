import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A file in the store. Owned by the account that sent it or for which it was made, under row-level security; keyed by a UUIDv7
 * that is also its name in the store; inserted when the whole file lies there; deleted by its owner, by the sweep once it has
 * expired, or by an erasure.
 */
@Entity({ schema: 'platform', name: 'stored_file', comment: 'owner=user; erase=storage' })
@Check('ck_stored_file_size_bytes', '(size_bytes >= 0)')
@Check('ck_stored_file_sha256', '(length(sha256) = 32)')
@Index('ix_stored_file_user', ['userId', 'id'])
@Index('ix_stored_file_expires_at', ['expiresAt'], { where: '(expires_at IS NOT NULL)' })
export class StoredFileEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stored_file' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** See file-purposes.ts. */
  @Column('text')
  purpose: string;

  /** By its content. */
  @Column('text', { name: 'media_type' })
  mediaType: string;

  /** As stored. */
  @Column('bigint', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('bytea')
  sha256: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** The sweep takes it then; null = it stays. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;
}
