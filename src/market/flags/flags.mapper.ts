import type { FlagDto } from './flags.dto.js';
import type { FlagRow } from './flags.repository.js';

export function toFlagDto(row: FlagRow): FlagDto {
  return {
    observationId: row.observationId,
    itemId: row.itemId,
    externalId: row.externalId,
    label: row.label,
    capturedAt: row.capturedAt.toISOString(),
    unitPrice: row.price,
    source: row.source,
    isSimulated: row.isSimulated,
    reason: row.reason,
    expectedPrice: row.expectedPrice,
    ratio: row.ratio,
    flaggedAt: row.flaggedAt.toISOString(),
    verdict: row.verdict ?? 'open',
    judgedBy: row.judgedBy,
    judgedAt: row.judgedAt?.toISOString() ?? null,
  };
}
