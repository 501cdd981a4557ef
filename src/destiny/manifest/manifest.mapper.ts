import { MANIFEST_TABLES } from './manifest-tables.js';
import type { ManifestTableDto, ManifestVersionDto } from './manifest.dto.js';
import type { VersionRow } from './manifest-versions.repository.js';

export function toManifestVersionDto(row: VersionRow): ManifestVersionDto {
  const tables = MANIFEST_TABLES.flatMap((table): ManifestTableDto[] => {
    const known = row.tables[table];
    if (!known) return [];
    const { isDone, definitionCount, readBytes, sha256 } = known;
    return [{ table, isDone, definitionCount, readBytes, sha256 }];
  });
  return {
    language: row.language,
    version: row.version,
    origin: row.origin,
    state: row.state,
    isCurrent: row.isCurrent,
    fault: row.fault,
    tables,
    doneTableCount: tables.filter(({ isDone }) => isDone).length,
    startedAt: row.startedAt.toISOString(),
    touchedAt: row.touchedAt.toISOString(),
    switchedAt: row.switchedAt?.toISOString() ?? null,
  };
}
