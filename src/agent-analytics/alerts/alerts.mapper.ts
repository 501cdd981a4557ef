import type { AgentAlertDto } from './alerts.dto.js';
import type { AlertRow } from './alerts.repository.js';

export function toAgentAlertDto(row: AlertRow): AgentAlertDto {
  return {
    id: row.id,
    project: row.projectId,
    name: row.name,
    rule: row.rule,
    rearmPct: row.rearmPct,
    silenceH: row.silenceH,
    isEnabled: row.isEnabled,
    judgedThrough: row.judgedEndAt?.toISOString() ?? null,
    value: row.value,
    isFired: row.isFired,
    firedAt: row.firedEndAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
