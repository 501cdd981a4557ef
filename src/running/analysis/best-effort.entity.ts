import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';

/**
 * The fastest stretch of a length within a run: rows of their own, so that records are one step down an index. Owned by the runner, under
 * row-level security; keyed by run and length; made and deleted with the run's analysis.
 */
@Entity({ schema: 'running', name: 'best_effort', comment: 'owner=user; erase=running-analyses' })
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_best_effort_run',
  onDelete: 'CASCADE',
})
@Index('ix_best_effort_owner', ['userId', 'runId'])
@Index('ix_best_effort_time', ['userId', 'distanceM', 'elapsedTimeS'])
export class BestEffortEntity {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_best_effort' })
  runId: string;

  @PrimaryColumn('double precision', { name: 'distance_m', primaryKeyConstraintName: 'pk_best_effort' })
  distanceM: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('double precision', { name: 'elapsed_time_s' })
  elapsedTimeS: number;

  /** Metres from the run's start to where it began. */
  @Column('double precision', { name: 'start_m' })
  startM: number;

  /** Seconds from the run's start to when it began. */
  @Column('double precision', { name: 'start_s' })
  startS: number;
}
