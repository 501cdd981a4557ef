import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { RunSource, RunStatus, Visibility } from './run-terms.js';

/**
 * A run, being recorded or finished, with the figures of its track. Owned by the runner, under row-level security; keyed by a UUID that
 * the client may make; deleted by its owner, with everything that hangs on it, and a tombstone stays for 30 days.
 */
@Entity({ schema: 'running', name: 'run', comment: 'owner=user; erase=running-runs' })
@Unique('uq_run_owner', ['userId', 'id'])
@Unique('uq_run_external', ['userId', 'source', 'externalId'])
@Check('ck_run_source', `source = ANY (ARRAY['app'::text, 'imported'::text, 'strava'::text])`)
@Check('ck_run_status', `status = ANY (ARRAY['recording'::text, 'finished'::text])`)
@Check('ck_run_privacy', `privacy = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text])`)
@Check('ck_run_visibility', `visibility = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text])`)
@Check('ck_run_provenance', `(source <> 'strava'::text) OR (visibility = 'private'::text)`)
@Index('ix_run_started_at', ['userId', 'startedAt', 'id'])
@Index('ix_run_change', ['userId', 'changeSeq'])
@Index('ix_run_recording', ['createdAt'], { where: `(status = 'recording'::text)` })
export class RunEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_run' })
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  source: RunSource;

  /** What it is called where it came from: a digest of a file, an id of a provider. */
  @Column('text', { name: 'external_id', nullable: true })
  externalId: string | null;

  @Column('text')
  status: RunStatus;

  @Column('text', { nullable: true })
  title: string | null;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text', { default: 'run' })
  sport: string;

  /** The runner's own choice for this run; null = as the profile says. */
  @Column('text', { nullable: true })
  privacy: Visibility | null;

  /** What holds. */
  @Column('text')
  visibility: Visibility;

  /** Whole milliseconds. */
  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  /** IANA name. */
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;

  /** How many fixes the device says it made; null = it has not said. */
  @Column('integer', { name: 'last_seq', nullable: true })
  lastSeq: number | null;

  // Figures are null until the run was folded, and where the track does not tell.
  @Column('double precision', { name: 'distance_m', nullable: true })
  distanceM: number | null;

  @Column('double precision', { name: 'moving_time_s', nullable: true })
  movingTimeS: number | null;

  @Column('double precision', { name: 'elapsed_time_s', nullable: true })
  elapsedTimeS: number | null;

  @Column('double precision', { name: 'average_heart_rate_bpm', nullable: true })
  averageHeartRateBpm: number | null;

  @Column('double precision', { name: 'max_heart_rate_bpm', nullable: true })
  maxHeartRateBpm: number | null;

  /** Steps of both feet. */
  @Column('double precision', { name: 'average_cadence_spm', nullable: true })
  averageCadenceSpm: number | null;

  @Column('double precision', { name: 'calories_kcal', nullable: true })
  caloriesKcal: number | null;

  @Column('double precision', { name: 'elevation_gain_m', nullable: true })
  elevationGainM: number | null;

  @Column('double precision', { name: 'elevation_loss_m', nullable: true })
  elevationLossM: number | null;

  @Column('double precision', { name: 'max_elevation_m', nullable: true })
  maxElevationM: number | null;

  @Column('double precision', { name: 'min_elevation_m', nullable: true })
  minElevationM: number | null;

  @Column('double precision', { name: 'start_lat_deg', nullable: true })
  startLatDeg: number | null;

  @Column('double precision', { name: 'start_lon_deg', nullable: true })
  startLonDeg: number | null;

  @Column('double precision', { name: 'end_lat_deg', nullable: true })
  endLatDeg: number | null;

  @Column('double precision', { name: 'end_lon_deg', nullable: true })
  endLonDeg: number | null;

  @Column('boolean', { name: 'has_track', default: false })
  hasTrack: boolean;

  /** That of its track; 0 = it has none yet. */
  @Column('integer', { name: 'track_version', default: 0 })
  trackVersion: number;

  /** Moves with every change of the row. */
  @Column('integer', { default: 1 })
  version: number;

  /** Place of the last change among all changes of its owner's runs. */
  @Column('bigint', { name: 'change_seq' })
  changeSeq: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;
}
