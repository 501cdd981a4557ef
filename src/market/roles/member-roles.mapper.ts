import type { MemberRoleDto } from './member-roles.dto.js';
import type { MemberRoleRow } from './member-roles.repository.js';

export function toMemberRoleDto(row: MemberRoleRow): MemberRoleDto {
  return { accountId: row.accountId, role: row.role, givenAt: row.givenAt.toISOString() };
}
