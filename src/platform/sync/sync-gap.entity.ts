import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A window in which the upstream counted other rows than we have. Nobody's own; keyed by its beginning; kept, repaired or not. */
@Entity({ schema: 'platform', name: 'sync_gap', comment: 'owner=none; erase=none' })
export class SyncGapEntity {
  @PrimaryColumn('text', { name: 'source_id', primaryKeyConstraintName: 'pk_sync_gap' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_gap' })
  stream: string;

  @PrimaryColumn('timestamptz', { name: 'window_from', primaryKeyConstraintName: 'pk_sync_gap' })
  windowFrom: Date;

  @Column('timestamptz', { name: 'window_to' })
  windowTo: Date;

  /** As counted last. */
  @Column('integer', { name: 'upstream_count' })
  upstreamCount: number;

  @Column('integer', { name: 'stored_count' })
  storedCount: number;

  @Column('timestamptz', { name: 'found_at' })
  foundAt: Date;

  @Column('timestamptz', { name: 'checked_at' })
  checkedAt: Date;

  /** The run that checked it last. */
  @Column('uuid', { name: 'run_id' })
  runId: string;

  /** When the counts agreed again; null = they do not. */
  @Column('timestamptz', { name: 'repaired_at', nullable: true })
  repairedAt: Date | null;
}
