import type { ManifestTable } from './manifest-tables.js';

/** One file of a manifest. */
export interface ManifestFile {
  readonly table: ManifestTable;
  /** Where the source has it; another path is another content. */
  readonly path: string;
  /** 1: it holds this table alone; 2: it holds many by name. */
  readonly depth: 1 | 2;
}

/** A version of the manifest, immutable: whatever changes, changes its name. */
export interface ManifestEdition {
  readonly version: string;
  /** Files by language. */
  readonly files: ReadonlyMap<string, readonly ManifestFile[]>;
}

/** Where definitions come from: Bungie.net, or a folder. */
export interface ManifestSource {
  readonly origin: 'bungie' | 'file';
  /** The newest version. */
  edition(signal: AbortSignal): Promise<ManifestEdition>;
  /** Hands a file's bytes to `use` while they come. @returns what `use` does */
  read<T>(
    file: ManifestFile,
    signal: AbortSignal,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T>;
}

/** An import that cannot be, in a sentence for an operator. */
export class ManifestImportError extends Error {
  override readonly name = 'ManifestImportError';
}

/** The source has another version now; what was read of this one is of no use. */
export class EditionChangedError extends Error {
  override readonly name = 'EditionChangedError';

  constructor(version: string) {
    super(`Version ${version} was published while another one was imported.`);
  }
}

/** Another run has taken the import up, or another version has become current. */
export class ImportTakenOverError extends Error {
  override readonly name = 'ImportTakenOverError';

  constructor() {
    super('Another run has taken this import up.');
  }
}
