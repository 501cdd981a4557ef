import { pictureUrl } from '../bungie/picture-url.js';
import type { LinkView } from './bungie-link.service.js';
import type { DestinyLinkDto, DestinyMembershipDto, DestinyMembershipsDto } from './link.dto.js';
import type { MembershipRow } from './memberships.repository.js';

const PLATFORMS: Readonly<Record<number, DestinyMembershipDto['platform']>> = {
  1: 'xbox',
  2: 'playstation',
  3: 'steam',
  4: 'blizzard',
  5: 'stadia',
  6: 'epic',
};
export function toLinkDto({ state, canConnect, bungieId, readAt, memberships }: LinkView): DestinyLinkDto {
  return {
    state,
    canConnect,
    bungieId,
    readAt: readAt?.toISOString() ?? null,
    memberships: memberships.map(toMembershipDto),
  };
}

export function toMembershipsDto(rows: readonly MembershipRow[]): DestinyMembershipsDto {
  return { items: rows.map(toMembershipDto) };
}

export function toMembershipDto(row: MembershipRow): DestinyMembershipDto {
  return {
    id: row.id,
    membershipType: row.membershipType,
    platform: PLATFORMS[row.membershipType] ?? 'other',
    membershipId: row.membershipId,
    displayName: row.displayName,
    iconUrl: pictureUrl(row.icon),
    isActive: row.isActive,
    isOverridden: row.isOverridden,
    isCrossSavePrimary: row.isCrossSavePrimary,
    isPresent: row.isPresent,
    lastPlayedAt: row.lastPlayedAt?.toISOString() ?? null,
    seenAt: row.seenAt.toISOString(),
  };
}
