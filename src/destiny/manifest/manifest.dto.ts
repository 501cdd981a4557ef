export class ManifestTableDto {
  /** `DestinyInventoryItemDefinition`. */
  table: string;
  isDone: boolean;
  definitionCount: number;
  /** Of the file, read so far. */
  readBytes: number;
  /** Of the whole file; null until it was read. */
  sha256: string | null;
}

export class ManifestVersionDto {
  language: string;
  version: string;
  /** `bungie`, or `file` for one from the command line. */
  origin: 'bungie' | 'file';
  /** `failed` is tried again with the next import, and goes on with the table it was at. */
  state: 'importing' | 'failed' | 'loaded' | 'dropped';
  /** Whether definitions are read from it. */
  isCurrent: boolean;
  /** Why it failed, in a sentence. */
  fault: string | null;
  tables: ManifestTableDto[];
  /** Of ten. */
  doneTableCount: number;
  /** ISO-8601 UTC. */
  startedAt: string;
  /** When anything last happened to it, ISO-8601 UTC. */
  touchedAt: string;
  /** When it became current, ISO-8601 UTC. */
  switchedAt: string | null;
}

export class ManifestDto {
  /** What answers that name no language are in. */
  defaultLanguage: string;
  /** Of the default language; `built-in` while none was imported: then the shipped facts of catalysts are all that is known. */
  version: string;
  /** Whether a key is set, with which Bungie.net can be asked for the manifest. */
  isConfigured: boolean;
  /** Current ones first, then what is under way or has failed, newest first. */
  items: ManifestVersionDto[];
}

export class ManifestImportDto {
  /** Of the import that is under way, whoever has asked for it. Its progress is at `/api/v1/destiny/manifest`; your own jobs are at `/api/v1/jobs/{id}` too. */
  jobId: string;
  /** False where an import was under way already. */
  isNew: boolean;
}
