import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { ServerEntity } from '../catalog/server.entity.js';

/** What was wrong with one line of an import. */
export interface ImportFault {
  part: number;
  /** 0-based row of its part, the header not counted. */
  row: number;
  pointer: string;
  code: string;
  detail: string;
}

/**
 * A file of old prices of one server, sent in parts and applied by a job. Owned by the account that sent it, under row-level
 * security; keyed by a UUIDv7; deleted by its owner while no job works on it, and by schedule when nothing has happened to it for
 * a week before it was finished.
 */
@Entity({ schema: 'market', name: 'history_import', comment: 'owner=user; erase=history-imports' })
@Check('ck_history_import_format', `(format = ANY (ARRAY['csv'::text, 'ndjson'::text]))`)
@Unique('uq_history_import_user', ['userId', 'id'])
@Index('ix_history_import_touched_at', ['touchedAt'], { where: '(finished_at IS NULL)' })
export class HistoryImportEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_history_import' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @ForeignKey(() => ServerEntity, { name: 'fk_history_import_server' })
  @Column('smallint', { name: 'server_id' })
  serverId: number;

  @Column('text')
  format: 'csv' | 'ndjson';

  /** The job that applies it, or the last one that did; null while parts are still being sent. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** Everything before this row of this part has been stored. */
  @Column('integer', { name: 'next_part', default: 0 })
  nextPart: number;

  @Column('integer', { name: 'next_row', default: 0 })
  nextRow: number;

  @Column('bigint', { name: 'accepted_count', default: 0 })
  acceptedCount: number;

  @Column('bigint', { name: 'duplicate_count', default: 0 })
  duplicateCount: number;

  /** Stored prices in whose place a lower one of the file stands. */
  @Column('bigint', { name: 'displaced_count', default: 0 })
  displacedCount: number;

  @Column('bigint', { name: 'rejected_count', default: 0 })
  rejectedCount: number;

  /** The first hundred. */
  @Column('jsonb', { default: () => `'[]'` })
  faults: ImportFault[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  /** When a part last came in or a portion was applied, or it was started. */
  @Column('timestamptz', { name: 'touched_at', default: () => 'now()' })
  touchedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
