import type { FileLink } from '../../platform/storage/file-links.js';
import type { RunnerPreferencesDto } from './preferences.dto.js';
import type { PreferencesRow } from './preferences.repository.js';
import type { PublicRunnerDto, RunnerProfileDto } from './profiles.dto.js';
import type { ProfileRow } from './runner-profiles.repository.js';

/** A link to a profile's picture; null where there is none. */
export type PictureLink = FileLink | null;

export function toRunnerProfileDto(row: ProfileRow, link: PictureLink): RunnerProfileDto {
  return {
    id: row.userId,
    username: row.username,
    displayName: row.displayName,
    pictureUrl: pictureUrl(row, link),
    pictureUrlExpiresAt: expiryOf(link),
    timeZone: row.timeZone,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toPublicRunnerDto(row: ProfileRow, link: PictureLink): PublicRunnerDto {
  return {
    id: row.userId,
    username: row.username,
    displayName: row.displayName,
    pictureUrl: pictureUrl(row, link),
    pictureUrlExpiresAt: expiryOf(link),
    createdAt: row.createdAt.toISOString(),
  };
}

export function toRunnerPreferencesDto(row: PreferencesRow): RunnerPreferencesDto {
  return {
    unitsDistance: row.unitsDistance,
    unitsTemperature: row.unitsTemperature,
    privacyProfile: row.privacyProfile,
    privacyRuns: row.privacyRuns,
    hasNotifications: row.hasNotifications,
    hasAutoPause: row.hasAutoPause,
    gpsAccuracy: row.gpsAccuracy,
    maxHeartRateBpm: row.maxHeartRateBpm,
    restingHeartRateBpm: row.restingHeartRateBpm,
    thresholdHeartRateBpm: row.thresholdHeartRateBpm,
    sex: row.sex,
    thresholdPaceSPerKm: row.thresholdPaceSPerKm,
    version: row.version,
  };
}

function pictureUrl({ pictureFileId }: ProfileRow, link: PictureLink): string | null {
  if (pictureFileId === null || link === null) return null;
  return `/api/v1/files/${pictureFileId}/content?expires=${link.expires}&signature=${link.signature}`;
}

function expiryOf(link: PictureLink): string | null {
  return link === null ? null : new Date(link.expires * 1_000).toISOString();
}
