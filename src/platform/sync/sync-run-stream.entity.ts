import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { SyncPosition } from './sync-position.js';
import { SyncRunEntity } from './sync-run.entity.js';
import type { RefusedRow } from './sync-source.js';

/** What a run reads of one stream, where it stands and what it has done. Nobody's own; keyed by run and stream; goes with its run. */
@Entity({ schema: 'platform', name: 'sync_run_stream', comment: 'owner=none; erase=none' })
export class SyncRunStreamEntity {
  @ForeignKey(() => SyncRunEntity, { name: 'fk_sync_run_stream_run', onDelete: 'CASCADE' })
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_sync_run_stream' })
  runId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_sync_run_stream' })
  stream: string;

  /** Place of the stream in its run, from 0. */
  @Column('integer')
  ordinal: number;

  @Column('timestamptz', { name: 'window_from' })
  windowFrom: Date;

  @Column('timestamptz', { name: 'window_to' })
  windowTo: Date;

  /** When the window was frozen: the run's start, or that of the failed run which this one continues. */
  @Column('timestamptz', { name: 'frozen_at' })
  frozenAt: Date;

  /** Once its run has succeeded, everything before this is here and in the figures; behind the freezing by what is not final yet. */
  @Column('timestamptz', { name: 'complete_through' })
  completeThrough: Date;

  /** null = nothing is left to read. */
  @Column('jsonb', { nullable: true })
  position: SyncPosition | null;

  @Column('timestamptz', { name: 'max_seen_at', nullable: true })
  maxSeenAt: Date | null;

  /** Rows that the upstream announced for the spans so far. */
  @Column('integer', { nullable: true })
  total: number | null;

  @Column('integer', { default: 0 })
  pages: number;

  @Column('integer', { default: 0 })
  fetched: number;

  @Column('integer', { default: 0 })
  inserted: number;

  @Column('integer', { default: 0 })
  updated: number;

  @Column('integer', { default: 0 })
  unchanged: number;

  @Column('integer', { default: 0 })
  refused: number;

  @Column('integer', { default: 0 })
  removed: number;

  /** The first of the refused rows. */
  @Column('jsonb', { default: () => `'[]'` })
  refusals: RefusedRow[];

  /** Time spent waiting for pages, with rests and retries; and storing them. */
  @Column('integer', { name: 'fetch_ms', default: 0 })
  fetchMs: number;

  @Column('integer', { name: 'store_ms', default: 0 })
  storeMs: number;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
