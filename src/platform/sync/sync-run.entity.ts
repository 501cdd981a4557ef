import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SyncFaultKind } from './sync-fault.js';
import type { SyncKind } from './sync-window.js';

/**
 * Where a run stands: `queued` until a worker takes it up (again), `running`, `rate_limited` until its `retryAt`; and its three ends.
 * The first three count as active: there is one active run per source and kind, and of one source's at most one is not queued.
 */
export type SyncRunState = 'queued' | 'running' | 'rate_limited' | 'succeeded' | 'failed' | 'cancelled';

/** `internal`: a fault of our own, which the worker's log tells more about. */
export type SyncErrorKind = SyncFaultKind | 'internal';

/** One synchronisation of one source. Nobody's own; keyed by a UUIDv7; forgotten some weeks after its end. */
@Entity({ schema: 'platform', name: 'sync_run', comment: 'owner=none; erase=none' })
@Check(
  'ck_sync_run_kind',
  `(kind = ANY (ARRAY['incremental'::text, 'backfill'::text, 'reconcile'::text, 'verify'::text]))`,
)
@Check('ck_sync_run_trigger', `(trigger = ANY (ARRAY['schedule'::text, 'request'::text]))`)
@Check(
  'ck_sync_run_state',
  `(state = ANY (ARRAY['queued'::text, 'running'::text, 'rate_limited'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text]))`,
)
@Index('uq_sync_run_active', ['sourceId', 'kind'], {
  unique: true,
  where: `(state = ANY (ARRAY['queued'::text, 'running'::text, 'rate_limited'::text]))`,
})
@Index('ix_sync_run_ended', ['sourceId', 'kind', 'finishedAt'], { where: '(finished_at IS NOT NULL)' })
@Index('ix_sync_run_finished_at', ['finishedAt'], { where: '(finished_at IS NOT NULL)' })
@Index('ix_sync_run_source', ['sourceId', 'id'])
export class SyncRunEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sync_run' })
  id: string;

  @Column('text', { name: 'source_id' })
  sourceId: string;

  @Column('text')
  kind: SyncKind;

  @Column('text')
  trigger: 'schedule' | 'request';

  @Column('text', { default: 'queued' })
  state: SyncRunState;

  /** Range that a request named. */
  @Column('timestamptz', { name: 'asked_from', nullable: true })
  askedFrom: Date | null;

  @Column('timestamptz', { name: 'asked_to', nullable: true })
  askedTo: Date | null;

  /** Grows with every worker that takes the run up. */
  @Column('integer', { default: 0 })
  fence: number;

  /** The job that has it. */
  @Column('uuid', { name: 'job_id', nullable: true })
  jobId: string | null;

  /** How often it was taken up since its last page: a run that brings its workers down is given up. */
  @Column('integer', { default: 0 })
  takes: number;

  @Column('boolean', { name: 'is_cancel_requested', default: () => 'false' })
  isCancelRequested: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  /** Last sign of life; the `retryAt` of a run that waits for it. */
  @Column('timestamptz', { name: 'alive_at' })
  aliveAt: Date;

  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('text', { name: 'error_kind', nullable: true })
  errorKind: SyncErrorKind | null;

  @Column('text', { nullable: true })
  error: string | null;
}
