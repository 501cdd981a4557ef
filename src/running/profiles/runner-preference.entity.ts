import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { Visibility } from '../runs/run-terms.js';
import type { DistanceUnits, GpsAccuracy, Sex, TemperatureUnits } from './preferences.js';

/**
 * What a runner wants and what analysis has to know of the body. Owned by the account, under row-level security; keyed by it; without a
 * row the defaults hold; deleted with the account.
 */
@Entity({ schema: 'running', name: 'preference', comment: 'owner=user; erase=running-profiles' })
@Check('ck_preference_units_distance', `(units_distance = ANY (ARRAY['metric'::text, 'imperial'::text]))`)
@Check(
  'ck_preference_units_temperature',
  `(units_temperature = ANY (ARRAY['celsius'::text, 'fahrenheit'::text]))`,
)
@Check(
  'ck_preference_privacy_profile',
  `(privacy_profile = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text]))`,
)
@Check(
  'ck_preference_privacy_runs',
  `(privacy_runs = ANY (ARRAY['public'::text, 'friends'::text, 'private'::text]))`,
)
@Check(
  'ck_preference_gps_accuracy',
  `(gps_accuracy = ANY (ARRAY['high'::text, 'medium'::text, 'low'::text]))`,
)
@Check('ck_preference_sex', `(sex = ANY (ARRAY['female'::text, 'male'::text]))`)
@Check('ck_preference_threshold_pace', `(threshold_pace_s_per_km > (0)::double precision)`)
export class RunnerPreferenceEntity {
  @PrimaryColumn('uuid', { name: 'user_id', primaryKeyConstraintName: 'pk_preference' })
  userId: string;

  @Column('text', { name: 'units_distance', default: 'metric' })
  unitsDistance: DistanceUnits;

  @Column('text', { name: 'units_temperature', default: 'celsius' })
  unitsTemperature: TemperatureUnits;

  /** Who may see the profile. */
  @Column('text', { name: 'privacy_profile', default: 'private' })
  privacyProfile: Visibility;

  /** Who may see runs that have no choice of their own. */
  @Column('text', { name: 'privacy_runs', default: 'private' })
  privacyRuns: Visibility;

  @Column('boolean', { name: 'has_notifications', default: true })
  hasNotifications: boolean;

  @Column('boolean', { name: 'has_auto_pause', default: true })
  hasAutoPause: boolean;

  @Column('text', { name: 'gps_accuracy', default: 'high' })
  gpsAccuracy: GpsAccuracy;

  @Column('smallint', { name: 'max_heart_rate_bpm', nullable: true })
  maxHeartRateBpm: number | null;

  @Column('smallint', { name: 'resting_heart_rate_bpm', nullable: true })
  restingHeartRateBpm: number | null;

  @Column('smallint', { name: 'threshold_heart_rate_bpm', nullable: true })
  thresholdHeartRateBpm: number | null;

  /** For TRIMP, whose weights differ. */
  @Column('text', { nullable: true })
  sex: Sex | null;

  @Column('double precision', { name: 'threshold_pace_s_per_km', nullable: true })
  thresholdPaceSPerKm: number | null;

  /** Counts changes. */
  @Column('integer', { default: 1 })
  version: number;
}
