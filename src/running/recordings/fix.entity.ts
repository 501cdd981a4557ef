import { Column, Entity, PrimaryColumn } from 'typeorm';

const PRIMARY_KEY = { primaryKeyConstraintName: 'pk_fix' };

/**
 * One reading of a receiver, as the device numbered it, until its run is folded. Owned by the runner, under row-level security; keyed by
 * the run and the device's number: the first that comes under a number stays. Places have seven decimals; altitude, accuracy, speed and
 * bearing one.
 */
@Entity({ schema: 'running', name: 'fix', comment: 'owner=user; erase=running-runs' })
export class FixEntity {
  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'user_id' })
  userId: string;

  @PrimaryColumn('uuid', { ...PRIMARY_KEY, name: 'run_id' })
  runId: string;

  /** From 1 on. */
  @PrimaryColumn('integer', { ...PRIMARY_KEY })
  seq: number;

  /** By the device's clock, since 1970. */
  @Column('bigint', { name: 'at_ms' })
  atMs: number;

  /** Null with the other one: no place was found. */
  @Column('double precision', { name: 'lat_deg', nullable: true })
  latDeg: number | null;

  @Column('double precision', { name: 'lon_deg', nullable: true })
  lonDeg: number | null;

  @Column('real', { name: 'altitude_m', nullable: true })
  altitudeM: number | null;

  @Column('real', { name: 'accuracy_m', nullable: true })
  accuracyM: number | null;

  @Column('real', { name: 'speed_mps', nullable: true })
  speedMps: number | null;

  @Column('real', { name: 'bearing_deg', nullable: true })
  bearingDeg: number | null;

  @Column('smallint', { name: 'heart_rate_bpm', nullable: true })
  heartRateBpm: number | null;

  /** Steps per minute of both feet. */
  @Column('smallint', { name: 'cadence_spm', nullable: true })
  cadenceSpm: number | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt: Date;
}
