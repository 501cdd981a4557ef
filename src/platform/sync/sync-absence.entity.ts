import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A stored row that one full scan has missed. Nobody's own; keyed by what it misses; deleted when another scan has decided. */
@Entity({ schema: 'platform', name: 'sync_absence', comment: 'owner=none; erase=none' })
export class SyncAbsenceEntity {
  @PrimaryColumn('text', { name: 'source_id', primaryKeyConstraintName: 'pk_sync_absence' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_absence' })
  stream: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_absence' })
  key: string;

  /** The scan that missed it first. */
  @Column('uuid', { name: 'run_id' })
  runId: string;

  @Column('timestamptz', { name: 'missed_at' })
  missedAt: Date;
}
