import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_run_tombstone' };

/**
 * That a run was deleted, for clients that were not there. Owned by the runner, under row-level security; keyed by the run; deleted by
 * schedule after 30 days.
 */
@Entity({ schema: 'running', name: 'run_tombstone', comment: 'owner=user; erase=running-runs' })
@Index('ix_run_tombstone_change', ['userId', 'changeSeq'])
@Index('ix_run_tombstone_deleted_at', ['deletedAt'])
export class RunTombstoneEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'run_id' })
  runId: string;

  @Column('bigint', { name: 'change_seq' })
  changeSeq: number;

  @Column('timestamptz', { name: 'deleted_at', default: () => 'now()' })
  deletedAt: Date;
}
