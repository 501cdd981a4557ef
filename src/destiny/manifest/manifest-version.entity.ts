import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** `dropped`: its definitions are gone, the row tells that they were there. */
export type ManifestState = 'importing' | 'failed' | 'loaded' | 'dropped';

export interface TableProgress {
  /** Of the file in the source; another path is another content. */
  path: string;
  isDone: boolean;
  definitionCount: number;
  /** Of the file, read so far. */
  readBytes: number;
  /** Of the whole file, hexadecimal; null until it is done. */
  sha256: string | null;
}

/**
 * A version of the game's definitions in one language. Nobody's own; keyed by an integer, since its definitions lie in a partition by
 * it; at most one per language is current. Never deleted: a handful a month, without their definitions.
 */
@Entity({ schema: 'destiny', name: 'manifest_version', comment: 'owner=none; erase=none' })
@Unique('uq_manifest_version_language', ['language', 'version'])
@Index('uq_manifest_version_current', ['language'], { unique: true, where: 'is_current' })
@Check('ck_manifest_version_origin', `origin IN ('bungie', 'file')`)
@Check('ck_manifest_version_state', `state IN ('importing', 'failed', 'loaded', 'dropped')`)
@Check('ck_manifest_version_current', `NOT is_current OR (state = 'loaded' AND switched_at IS NOT NULL)`)
export class ManifestVersionEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_manifest_version',
  })
  id: number;

  /** `en`, `pt-br`: as the source spells it. */
  @Column('text')
  language: string;

  @Column('text')
  version: string;

  @Column('text')
  origin: 'bungie' | 'file';

  @Column('text', { default: 'importing' })
  state: ManifestState;

  @Column('boolean', { name: 'is_current', default: false })
  isCurrent: boolean;

  /** By the table's name. */
  @Column('jsonb', { default: () => `'{}'` })
  tables: Record<string, TableProgress>;

  /** Why the import failed, in a sentence. */
  @Column('text', { nullable: true })
  fault: string | null;

  /** The job that imports it, or the last one that did; null for an import from the command line. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** The run that may write: whoever takes an import up puts its own, and the one before finds itself shut out. */
  @Column('uuid', { name: 'run_id', nullable: true })
  runId: string | null;

  @Column('timestamptz', { name: 'started_at', default: () => 'clock_timestamp()' })
  startedAt: Date;

  @Column('timestamptz', { name: 'touched_at', default: () => 'clock_timestamp()' })
  touchedAt: Date;

  /** When it became current. */
  @Column('timestamptz', { name: 'switched_at', nullable: true })
  switchedAt: Date | null;
}
