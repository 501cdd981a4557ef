import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { RunEventKind } from '../runs/run-terms.js';
import { RunEntity } from '../runs/run.entity.js';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_run_event' };

/**
 * A button that the runner pressed: pause, resume, lap. Owned by the runner, under row-level security; keyed by the run, the kind and
 * the device's number of it, so that one that comes twice is one; deleted with the run.
 */
@Entity({ schema: 'running', name: 'run_event', comment: 'owner=user; erase=running-runs' })
@Check('ck_run_event_kind', `kind = ANY (ARRAY['pause'::text, 'resume'::text, 'lap'::text])`)
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_run_event_run',
  onDelete: 'CASCADE',
})
@Index('ix_run_event_owner', ['userId', 'runId'])
export class RunEventEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'run_id' })
  runId: string;

  @PrimaryColumn('text', { ...PRIMARY_KEY })
  kind: RunEventKind;

  @PrimaryColumn('integer', { ...PRIMARY_KEY })
  seq: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** By the device's clock, since 1970. */
  @Column('bigint', { name: 'at_ms' })
  atMs: number;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt: Date;
}
