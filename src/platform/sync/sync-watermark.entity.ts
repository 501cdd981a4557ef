import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far a stream has been read. Nobody's own; keyed by source and stream; moved by complete incremental runs, never deleted. */
@Entity({ schema: 'platform', name: 'sync_watermark', comment: 'owner=none; erase=none' })
export class SyncWatermarkEntity {
  @PrimaryColumn('text', { name: 'source_id', primaryKeyConstraintName: 'pk_sync_watermark' })
  sourceId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_watermark' })
  stream: string;

  /** The next run begins an overlap before this; null = no row was ever seen. */
  @Column('timestamptz', { name: 'watermark_at', nullable: true })
  watermarkAt: Date | null;

  /** Up to here everything has been read that was there in time. */
  @Column('timestamptz', { name: 'complete_through' })
  completeThrough: Date;

  /** The run that moved it. */
  @Column('uuid', { name: 'run_id' })
  runId: string;
}
