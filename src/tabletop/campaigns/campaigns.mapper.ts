import type { CampaignDto } from './campaigns.dto.js';
import type { SeatedCampaignRow } from './campaigns.repository.js';

export function toCampaignDto(row: SeatedCampaignRow, callerId: string): CampaignDto {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    system: row.system,
    language: row.language,
    tone: row.tone as Record<string, string>,
    changeDays: row.changeDays,
    aiPolicy: row.aiPolicy,
    hasExports: row.hasExports,
    needsApproval: row.needsApproval,
    role: row.role,
    isOwner: row.userId === callerId.toLowerCase(),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
