import type { AlertDto } from './alerts.dto.js';
import type { AlertRow } from './alerts.repository.js';

export function toAlertDto(row: AlertRow): AlertDto {
  return {
    id: row.id,
    game: row.game,
    server: row.server,
    name: row.name,
    rule: row.rule,
    rearmPct: row.rearmPct,
    silenceH: row.silenceH,
    isEnabled: row.isEnabled,
    evaluatedAt: row.evaluatedAt?.toISOString() ?? null,
    matchedCount: row.matchedCount,
    firedAt: row.firedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
