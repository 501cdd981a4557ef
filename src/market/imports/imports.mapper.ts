import type { ImportState } from './import-state.js';
import type { ImportDto } from './imports.dto.js';
import type { ImportRow } from './imports.repository.js';

export function toImportDto(row: ImportRow, state: ImportState): ImportDto {
  return {
    id: row.id,
    format: row.format,
    state,
    jobId: row.jobId,
    partCount: row.partCount,
    sizeBytes: row.sizeBytes,
    nextPart: row.nextPart,
    acceptedCount: row.acceptedCount,
    duplicateCount: row.duplicateCount,
    displacedCount: row.displacedCount,
    rejectedCount: row.rejectedCount,
    faults: row.faults,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
