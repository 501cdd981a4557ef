import type { PublicRunnerDto, RunnerProfileDto } from '../profiles/profiles.dto.js';
import type { RunnerPreferences } from '../profiles/preferences.js';
import { rounded, roundedOrNull, swiftInstant } from './compat-answer.js';
import type { VisibleSums } from './compat-runs.repository.js';
import type {
  CompatWispPreferencesDto,
  CompatWispProfileDto,
  CompatWispRunnerDto,
} from './compat-users.dto.js';

/** @param origin where this server is reached, since the app loads pictures from whole addresses */
export function toCompatProfile(
  profile: RunnerProfileDto,
  preferences: RunnerPreferences,
  origin: string,
): CompatWispProfileDto {
  return {
    id: profile.id,
    username: profile.username,
    display_name: profile.displayName,
    profile_picture_url: pictureOf(profile.pictureUrl, origin),
    created_at: swiftInstant(new Date(profile.createdAt)),
    updated_at: swiftInstant(new Date(profile.updatedAt)),
    timezone: profile.timeZone,
    preferences: toCompatPreferences(preferences),
  };
}

export function toCompatPreferences(preferences: RunnerPreferences): CompatWispPreferencesDto {
  return {
    units_distance: preferences.unitsDistance,
    units_temperature: preferences.unitsTemperature,
    privacy_profile: preferences.privacyProfile,
    privacy_runs: preferences.privacyRuns,
    notifications_enabled: preferences.hasNotifications,
    auto_pause_enabled: preferences.hasAutoPause,
    gps_accuracy: preferences.gpsAccuracy,
  };
}

export function toCompatRunner(
  runner: PublicRunnerDto,
  sums: VisibleSums,
  origin: string,
): CompatWispRunnerDto {
  const { count, distanceM, movingTimeS } = sums;
  return {
    id: runner.id,
    username: runner.username,
    display_name: runner.displayName,
    profile_picture_url: pictureOf(runner.pictureUrl, origin),
    created_at: swiftInstant(new Date(runner.createdAt)),
    is_following: false,
    run_stats: {
      total_runs: count,
      total_distance: rounded(distanceM),
      average_pace: roundedOrNull(distanceM > 0 ? (movingTimeS * 1_000) / distanceM : null),
    },
  };
}

export function pictureOf(path: string | null, origin: string): string | null {
  return path === null ? null : `${origin}${path}`;
}
