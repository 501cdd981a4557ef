import type { GrantRow } from './grants.repository.js';
import type { InviteRow } from './invites.repository.js';
import type { CampaignMemberDto, GrantDto, InviteDto } from './members.dto.js';
import type { MemberRow } from './members.repository.js';

export function toCampaignMemberDto(row: MemberRow): CampaignMemberDto {
  return {
    userId: row.userId,
    role: row.role,
    displayName: row.displayName,
    joinedAt: row.joinedAt.toISOString(),
  };
}

export function toInviteDto(row: InviteRow): InviteDto {
  return {
    id: row.id,
    role: row.role,
    mostUses: row.mostUses,
    uses: row.uses,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}

export function toGrantDto(row: GrantRow): GrantDto {
  return {
    id: row.id,
    objectId: row.objectId,
    userId: row.userId,
    level: row.level,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
