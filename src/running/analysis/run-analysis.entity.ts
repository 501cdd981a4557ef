import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RunEntity } from '../runs/run.entity.js';
import type { DistanceCurve } from './distance-curve.js';
import type { Split } from './splits.js';

/**
 * What rules say of a run's track. Owned by the runner, under row-level security, written by the platform's jobs alone; keyed by the run
 * and deleted with it; made anew whenever the track or a rule changes.
 */
@Entity({ schema: 'running', name: 'run_analysis', comment: 'owner=user; erase=running-analyses' })
@Check(
  'ck_run_analysis_distance_basis',
  `distance_basis = ANY (ARRAY['device'::text, 'gps'::text, 'none'::text])`,
)
@Check('ck_run_analysis_heart_rate', `(heart_rate_from_bpm IS NULL) = (heart_rate_seconds IS NULL)`)
@ForeignKey(() => RunEntity, ['userId', 'runId'], ['userId', 'id'], {
  name: 'fk_run_analysis_run',
  onDelete: 'CASCADE',
})
@Index('ix_run_analysis_owner', ['userId', 'runId'])
export class RunAnalysisEntity {
  @PrimaryColumn('uuid', { name: 'run_id', primaryKeyConstraintName: 'pk_run_analysis' })
  runId: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** `ANALYSIS_RULES_VERSION` when it was made. */
  @Column('integer', { name: 'rules_version' })
  rulesVersion: number;

  /** Of the track that it was made from. */
  @Column('integer', { name: 'track_version' })
  trackVersion: number;

  @Column('text', { name: 'distance_basis' })
  distanceBasis: DistanceCurve['basis'];

  @Column('double precision', { name: 'active_time_s' })
  activeTimeS: number;

  // Null where the track does not tell.
  @Column('double precision', { name: 'grade_adjusted_pace_s_per_km', nullable: true })
  gradeAdjustedPaceSPerKm: number | null;

  @Column('double precision', { name: 'energy_adjusted_pace_s_per_km', nullable: true })
  energyAdjustedPaceSPerKm: number | null;

  @Column('double precision', { name: 'normalised_speed_mps', nullable: true })
  normalisedSpeedMps: number | null;

  @Column('double precision', { name: 'steady_speed_mps', nullable: true })
  steadySpeedMps: number | null;

  @Column('double precision', { name: 'steady_heart_rate_bpm', nullable: true })
  steadyHeartRateBpm: number | null;

  @Column('double precision', { name: 'decoupling_pct', nullable: true })
  decouplingPct: number | null;

  @Column('double precision', { name: 'stride_length_m', nullable: true })
  strideLengthM: number | null;

  /** Held or exceeded for ten seconds altogether. */
  @Column('smallint', { name: 'sustained_heart_rate_bpm', nullable: true })
  sustainedHeartRateBpm: number | null;

  @Column('smallint', { name: 'heart_rate_from_bpm', nullable: true })
  heartRateFromBpm: number | null;

  /** At each beat from `heartRateFromBpm` on. */
  @Column('real', { name: 'heart_rate_seconds', array: true, nullable: true })
  heartRateSeconds: number[] | null;

  @Column('jsonb', { name: 'splits_km' })
  splitsKm: Split[];

  @Column('jsonb', { name: 'splits_mi' })
  splitsMi: Split[];

  @Column('timestamptz', { name: 'analysed_at', default: () => 'now()' })
  analysedAt: Date;
}
