import { type RefusalCode, REFUSALS } from './import-refusal.js';
import type { ImportState } from './import-state.js';
import type { RunImportDto, RunImportItemDto } from './run-imports.dto.js';
import type { RunImportItemRow, RunImportRow } from './run-imports.repository.js';

export function toRunImportDto(row: RunImportRow, state: ImportState): RunImportDto {
  return {
    id: row.id,
    kind: row.kind,
    state,
    jobId: row.jobId,
    sizeBytes: row.sizeBytes,
    fileCount: row.entryCount,
    doneCount: row.nextEntry,
    importedCount: row.importedCount,
    duplicateCount: row.duplicateCount,
    refusedCount: row.refusedCount,
    refusalCode: row.refusalCode,
    refusalDetail: row.refusalCode === null ? null : REFUSALS[row.refusalCode as RefusalCode],
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}

export function toRunImportItemDto(row: RunImportItemRow): RunImportItemDto {
  return {
    file: row.entry,
    activity: row.activity,
    name: row.name,
    outcome: row.outcome,
    code: row.code,
    detail: row.detail,
    runId: row.runId,
    startedAt: row.startedAt?.toISOString() ?? null,
  };
}
