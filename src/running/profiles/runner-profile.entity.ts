import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { StoredFileEntity } from '../../platform/storage/stored-file.entity.js';

/**
 * As whom somebody runs. Owned by the account, under row-level security; keyed by it; made on its first use and deleted with the account.
 * The name is unique however it is written.
 */
@Entity({ schema: 'running', name: 'profile', comment: 'owner=user; erase=running-profiles' })
@Unique('uq_profile_username_fold', ['usernameFold'])
@Check('ck_profile_username', '((char_length(username) >= 3) AND (char_length(username) <= 50))')
@Check('ck_profile_username_fold', '(username_fold = lower(username))')
@Index('ix_profile_picture_file', ['pictureFileId'], { where: '(picture_file_id IS NOT NULL)' })
export class RunnerProfileEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_profile' })
  userId: string;

  /** See username.ts. */
  @Column('text')
  username: string;

  @Column('text', { name: 'username_fold' })
  usernameFold: string;

  @Column('text', { name: 'display_name', nullable: true })
  displayName: string | null;

  /** A file of the account; when that is deleted as a file, the profile has none. */
  @ForeignKey(() => StoredFileEntity, { name: 'fk_profile_picture_file', onDelete: 'SET NULL' })
  @Column('uuid', { name: 'picture_file_id', nullable: true })
  pictureFileId: string | null;

  /** Of the IANA database. */
  @Column('text', { name: 'time_zone', default: 'UTC' })
  timeZone: string;

  /** Counts changes. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
