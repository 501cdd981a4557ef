import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { GhostType } from '../ghosts/ghost-kinds.js';
import { RunEntity } from '../runs/run.entity.js';
import type { HeartRatePair, PlausibilityMark, ResultStatus, StoredSplit } from './race-kinds.js';

/**
 * The official result of a run against a ghost, recomputed from all of the run's fixes. Owned by the runner, under row-level security;
 * written by the job `running.settle-races` alone; stays when race or ghost are gone, and goes with the run.
 */
@Entity({ schema: 'running', name: 'race_result', comment: 'owner=user; erase=running-races' })
@Unique('uq_race_result_run', ['runId', 'ghostId'])
@ForeignKey(() => RunEntity, ['runId'], ['id'], { name: 'fk_race_result_run', onDelete: 'CASCADE' })
@Check(
  'ck_race_result_status',
  `status = ANY (ARRAY['won'::text, 'lost'::text, 'abandoned'::text, 'not_started'::text])`,
)
@Check(
  'ck_race_result_completion',
  'completion_ratio >= 0::double precision AND completion_ratio <= 1::double precision',
)
@Index('ix_race_result_race', ['raceId', 'userId'])
@Index('ix_race_result_user', ['userId', 'id'])
@Index('ix_race_result_origin', ['originGhostId'])
export class RaceResultEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_race_result' })
  id: string;

  @Column('uuid', { name: 'run_id' })
  runId: string;

  @Column('uuid', { name: 'ghost_id' })
  ghostId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('uuid', { name: 'race_id' })
  raceId: string;

  @Column('uuid', { name: 'origin_ghost_id' })
  originGhostId: string;

  @Column('text', { name: 'ghost_name' })
  ghostName: string;

  @Column('text', { name: 'ghost_type' })
  ghostType: GhostType;

  @Column('text')
  status: ResultStatus;

  /** When the start line was crossed; null = never. */
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  /** From line to line; null = not finished. */
  @Column('double precision', { name: 'user_time_s', nullable: true })
  userTimeS: number | null;

  @Column('double precision', { name: 'ghost_time_s' })
  ghostTimeS: number;

  /** At the line, or where the runner gave up; positive = slower than the ghost. */
  @Column('double precision', { name: 'time_difference_s', nullable: true })
  timeDifferenceS: number | null;

  /** Of the difference: it lies within so many seconds to both sides. */
  @Column('double precision', { name: 'error_bar_s', nullable: true })
  errorBarS: number | null;

  /** The difference is smaller than what can be told. */
  @Column('boolean', { name: 'is_too_close', default: false })
  isTooClose: boolean;

  @Column('double precision', { name: 'average_gap_s', nullable: true })
  averageGapS: number | null;

  /** Furthest behind. */
  @Column('double precision', { name: 'max_gap_s', nullable: true })
  maxGapS: number | null;

  /** Furthest ahead. */
  @Column('double precision', { name: 'min_gap_s', nullable: true })
  minGapS: number | null;

  @Column('double precision', { name: 'distance_completed_m' })
  distanceCompletedM: number;

  @Column('double precision', { name: 'completion_ratio' })
  completionRatio: number;

  @Column('jsonb', { default: [] })
  splits: readonly StoredSplit[];

  /** Of the same places; where both runs are the runner's own. */
  @Column('jsonb', { name: 'heart_rates', default: [] })
  heartRates: readonly HeartRatePair[];

  @Column('jsonb', { default: [] })
  plausibility: readonly PlausibilityMark[];

  /** The gap along the way, for the replay. */
  @Column('bytea', { name: 'gap_curve', nullable: true })
  gapCurve: Buffer | null;

  /** What it was computed of. */
  @Column('integer', { name: 'curve_version' })
  curveVersion: number;

  @Column('integer', { name: 'track_version' })
  trackVersion: number;

  @Column('smallint', { name: 'rules_version' })
  rulesVersion: number;

  /** Grows when another result came out, as after late fixes. */
  @Column('integer', { default: 1 })
  version: number;

  @Column('timestamptz', { name: 'settled_at', default: () => 'now()' })
  settledAt: Date;
}
