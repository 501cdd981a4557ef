import type { ImportDto } from './imports.dto.js';
import type { ImportRow } from './imports.repository.js';

export function toImportDto(row: ImportRow): ImportDto {
  return {
    id: row.id,
    format: row.format,
    state: row.finishedAt !== null ? 'finished' : row.jobId !== null ? 'running' : 'uploading',
    jobId: row.jobId,
    partCount: row.partCount,
    sizeBytes: row.sizeBytes,
    acceptedCount: row.acceptedCount,
    duplicateCount: row.duplicateCount,
    rejectedCount: row.rejectedCount,
    faults: row.faults,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
