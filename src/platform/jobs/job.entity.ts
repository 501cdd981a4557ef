import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { JobProgress } from './job-definition.js';

export const JOB_STATES = ['waiting', 'open', 'relayed', 'done', 'dead', 'cancelled'] as const;

/**
 * Where a job stands: `waiting` for its children, `open` until the relay has handed it to its queue, `relayed` until its end
 * has been committed; `dead` after its last try, until somebody has it driven again.
 */
export type JobState = (typeof JOB_STATES)[number];

/**
 * The outbox. Owned by the account in whose name it was enqueued, or by the platform where it serves everybody, under
 * row-level security; keyed by a UUIDv7 that is also the queue's job id; inserted in the transaction of the business fact;
 * deleted by the housekeeping of workers some time after its end.
 */
@Entity({ schema: 'platform', name: 'job', comment: 'owner=user; erase=jobs' })
@Check(
  'ck_job_state',
  `(state = ANY (ARRAY['waiting'::text, 'open'::text, 'relayed'::text, 'done'::text, 'dead'::text, 'cancelled'::text]))`,
)
@Index('ix_job_open', ['runAt', 'id'], { where: `(state = 'open'::text)` })
@Index('ix_job_relayed', ['relayedAt'], { where: `(state = 'relayed'::text)` })
@Index('ix_job_finished', ['finishedAt'], {
  where: `(state = ANY (ARRAY['done'::text, 'dead'::text, 'cancelled'::text]))`,
})
@Index('ix_job_user_id', ['userId', 'id'])
@Index('ix_job_parent', ['parentId'], { where: '(parent_id IS NOT NULL)' })
@Index('uq_job_dedup_key', ['name', 'dedupKey'], {
  unique: true,
  where: `((dedup_key IS NOT NULL) AND (state = ANY (ARRAY['open'::text, 'relayed'::text])) AND (started_at IS NULL) AND (NOT is_cancel_requested))`,
})
export class JobEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_job' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** `<domain>.<verb-noun>` of its definition. */
  @Column('text')
  name: string;

  @Column('text')
  queue: string;

  @Column('jsonb')
  payload: unknown;

  @Column('text', { name: 'dedup_key', nullable: true })
  dedupKey: string | null;

  @Column('text', { default: () => `'open'` })
  state: JobState;

  /** Not before this instant. */
  @Column('timestamptz', { name: 'run_at', default: () => 'now()' })
  runAt: Date;

  /** The job that waits for this one. */
  @Column('uuid', { name: 'parent_id', nullable: true })
  parentId: string | null;

  /** Number of children that have not ended well yet. */
  @Column('integer', { name: 'waiting_for', default: 0 })
  waitingFor: number;

  /** How often the relay has handed it over; above 1 the queue may still hold an older failure of it. */
  @Column('integer', { name: 'relay_count', default: 0 })
  relayCount: number;

  /** Tries that have failed. */
  @Column('integer', { default: 0 })
  attempts: number;

  @Column('boolean', { name: 'is_cancel_requested', default: () => 'false' })
  isCancelRequested: boolean;

  @Column('jsonb', { nullable: true })
  progress: JobProgress | null;

  /** What the last failed try said. */
  @Column('text', { nullable: true })
  error: string | null;

  /** The request that enqueued it. */
  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  /** Bumped by each change that a watcher should see; the id of its event. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'relayed_at', nullable: true })
  relayedAt: Date | null;

  /** First start; written for jobs with a dedup key or progress only. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;
}
