import type { AccountDto, AdminAccountDto } from './account.dto.js';
import type { AccountRow } from './accounts.repository.js';

export function toAccountDto(row: AccountRow): AccountDto {
  return {
    id: row.id,
    email: row.email,
    displayName: row.displayName,
    role: row.role,
    emailVerifiedAt: row.verifiedAt?.toISOString() ?? null,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function toAdminAccountDto(row: AccountRow): AdminAccountDto {
  return { ...toAccountDto(row), lockedAt: row.lockedAt?.toISOString() ?? null };
}
