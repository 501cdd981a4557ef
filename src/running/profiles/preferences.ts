// What a runner may choose, and what holds where nothing was chosen. Privacy is off until somebody turns it on: the original shared
// profiles and runs with everybody from the first day.

import { USUAL_VISIBILITY, type Visibility } from '../runs/run-terms.js';

export const DISTANCE_UNITS = ['metric', 'imperial'] as const;
export type DistanceUnits = (typeof DISTANCE_UNITS)[number];

export const TEMPERATURE_UNITS = ['celsius', 'fahrenheit'] as const;
export type TemperatureUnits = (typeof TEMPERATURE_UNITS)[number];

export const GPS_ACCURACIES = ['high', 'medium', 'low'] as const;
export type GpsAccuracy = (typeof GPS_ACCURACIES)[number];

export const SEXES = ['female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

export interface RunnerPreferences {
  readonly unitsDistance: DistanceUnits;
  readonly unitsTemperature: TemperatureUnits;
  /** Who may see the profile. */
  readonly privacyProfile: Visibility;
  /** Who may see runs that have no choice of their own. */
  readonly privacyRuns: Visibility;
  readonly hasNotifications: boolean;
  readonly hasAutoPause: boolean;
  readonly gpsAccuracy: GpsAccuracy;
  readonly maxHeartRateBpm: number | null;
  readonly restingHeartRateBpm: number | null;
  readonly thresholdHeartRateBpm: number | null;
  /** For TRIMP, whose weights differ. */
  readonly sex: Sex | null;
  readonly thresholdPaceSPerKm: number | null;
}

export const DEFAULT_PREFERENCES: RunnerPreferences = Object.freeze({
  unitsDistance: 'metric',
  unitsTemperature: 'celsius',
  privacyProfile: USUAL_VISIBILITY,
  privacyRuns: USUAL_VISIBILITY,
  hasNotifications: true,
  hasAutoPause: true,
  gpsAccuracy: 'high',
  maxHeartRateBpm: null,
  restingHeartRateBpm: null,
  thresholdHeartRateBpm: null,
  sex: null,
  thresholdPaceSPerKm: null,
});

const KEYS = Object.keys(DEFAULT_PREFERENCES) as (keyof RunnerPreferences)[];

/** A change with what it leaves as it is; undefined is nothing said. */
export type PreferencesChange = {
  readonly [Key in keyof RunnerPreferences]?: RunnerPreferences[Key] | undefined;
};

export function withChange(before: RunnerPreferences, change: PreferencesChange): RunnerPreferences {
  const given = KEYS.filter((key) => change[key] !== undefined).map((key) => [key, change[key]]);
  return { ...before, ...(Object.fromEntries(given) as Partial<RunnerPreferences>) };
}

/** Names of what differs. */
export function changedKeys(
  before: RunnerPreferences,
  after: RunnerPreferences,
): (keyof RunnerPreferences)[] {
  return KEYS.filter((key) => before[key] !== after[key]);
}

/**
 * The heart rates of a body rise from rest over threshold to maximum; zones and TRIMP divide by their differences.
 * @returns the name of the first that does not; null where all agree, what is not known being left out
 */
export function heartRateOutOfOrder({
  restingHeartRateBpm,
  thresholdHeartRateBpm,
  maxHeartRateBpm,
}: RunnerPreferences): 'thresholdHeartRateBpm' | 'maxHeartRateBpm' | null {
  if (restingHeartRateBpm !== null && thresholdHeartRateBpm !== null)
    if (thresholdHeartRateBpm <= restingHeartRateBpm) return 'thresholdHeartRateBpm';
  const below = Math.max(restingHeartRateBpm ?? 0, thresholdHeartRateBpm ?? 0);
  return maxHeartRateBpm !== null && maxHeartRateBpm <= below ? 'maxHeartRateBpm' : null;
}
