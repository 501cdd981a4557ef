import type { FavouriteDto, ProfileDto } from './profiles.dto.js';
import type { FavouriteRow, ProfileRow } from './profiles.repository.js';

/** ISO 8601 in milliseconds. @param utc as {@link ProfileRow} has it, with microseconds */
export const isoOf = (utc: string): string => `${utc.slice(0, 23)}Z`;

export function toProfileDto(row: ProfileRow): ProfileDto {
  return { id: row.id, name: row.name, version: row.version, createdAt: isoOf(row.createdAtUtc) };
}

export function toFavouriteDto(row: FavouriteRow): FavouriteDto {
  return { itemId: row.itemId, externalId: row.externalId, label: row.label };
}
