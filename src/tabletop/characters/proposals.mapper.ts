import type { ProposalDto } from './proposals.dto.js';
import type { ProposalRow } from './proposals.repository.js';

export function toProposalDto(row: ProposalRow): ProposalDto {
  return {
    id: row.id,
    characterId: row.objectId,
    userId: row.userId,
    patch: row.patch,
    before: row.before as object,
    status: row.status,
    reason: row.reason,
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
