import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * A file of runs that was sent, alone or as an archive, and what came of it. Owned by the account that sent it, under row-level security; keyed
 * by a UUIDv7; deleted by its owner while no job works on it, and with the next import once it was finished 90 days ago.
 */
@Entity({ schema: 'running', name: 'run_import', comment: 'owner=user; erase=running-imports' })
@Unique('uq_run_import_owner', ['userId', 'id'])
@Check('ck_run_import_kind', `kind = ANY (ARRAY['file'::text, 'archive'::text])`)
export class RunImportEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_run_import' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** In the store; null once it is finished. */
  @Column('uuid', { name: 'file_id', nullable: true })
  fileId: string | null;

  /** The job that works on it, or the last one that did. */
  @Column('uuid', { name: 'job_id' })
  jobId: string;

  @Column('text')
  kind: 'file' | 'archive';

  /** As it was sent. */
  @Column('bigint', { name: 'size_bytes' })
  sizeBytes: number;

  /** Files in it; null until the job has looked. */
  @Column('integer', { name: 'entry_count', nullable: true })
  entryCount: number | null;

  /** Those before this one have been worked through. */
  @Column('integer', { name: 'next_entry', default: 0 })
  nextEntry: number;

  /** Runs, as the next two are. */
  @Column('integer', { name: 'imported_count', default: 0 })
  importedCount: number;

  @Column('integer', { name: 'duplicate_count', default: 0 })
  duplicateCount: number;

  /** Files and activities of them. */
  @Column('integer', { name: 'refused_count', default: 0 })
  refusedCount: number;

  /** Why the file was not taken as a whole; see import-refusal.ts. */
  @Column('text', { name: 'refusal_code', nullable: true })
  refusalCode: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
