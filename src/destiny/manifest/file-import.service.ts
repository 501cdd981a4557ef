import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobProgress } from '../../platform/jobs/job-definition.js';
import { FileManifestSource } from './file-manifest.source.js';
import { ImportManifest } from './import-manifest.service.js';
import { ManifestSwitch } from './manifest-switch.service.js';

export interface FileImport {
  /** A folder with one JSON file per table, one JSON file of all tables, or a SQLite file or its ZIP. */
  readonly path: string;
  readonly language: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Imports a manifest that lies on this machine: for a house without network or key, and for tests. */
@Injectable()
export class FileManifestImport {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly imports: ImportManifest,
    private readonly manifests: ManifestSwitch,
  ) {}

  /** @returns its version, and whether it was not current before; undefined while another import is under way @throws its fault */
  async importFiles({
    path,
    language,
    signal,
    onProgress,
  }: FileImport): Promise<{ version: string; isNew: boolean } | undefined> {
    const source = new FileManifestSource(path, language);
    const run = { jobId: null, signal, progress: onProgress };
    const loaded = await this.imports.load(source, [language], run).finally(() => source.close());
    if (!loaded) return undefined;
    const switched = await this.system.run(SYSTEM_SCOPE, (tx) => this.manifests.apply(tx, loaded));
    await this.manifests.dropFormer();
    return { version: loaded.version, isNew: switched.length > 0 };
  }
}
