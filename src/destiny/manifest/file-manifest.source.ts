import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ManifestEdition,
  type ManifestFile,
  ManifestImportError,
  type ManifestSource,
} from './manifest-source.js';
import { isManifestTable, MANIFEST_TABLES } from './manifest-tables.js';

/** As Bungie names its files too, with the content's id behind the table. */
const TABLE_FILE = /^(Destiny[A-Za-z]+Definition)(?:-[\da-f-]+)?\.json$/;

/**
 * A manifest on this machine: a folder with one JSON file per table, or one JSON file of all tables. Its version is the digest of what is
 * in it, so the same files are the same version.
 */
export class FileManifestSource implements ManifestSource {
  readonly origin = 'file';
  private known: ManifestEdition | undefined;

  constructor(
    private readonly path: string,
    private readonly language: string,
  ) {}

  async edition(): Promise<ManifestEdition> {
    if (this.known) return this.known;
    const files = await this.files();
    const digest = createHash('sha256');
    for (const path of [...new Set(files.map((file) => file.path))].sort())
      for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    const version = `file-${digest.digest('hex').slice(0, 16)}`;
    return (this.known = { version, files: new Map([[this.language, files]]) });
  }

  read<T>(
    { path }: ManifestFile,
    signal: AbortSignal,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    return use(createReadStream(path, { signal }));
  }

  private async files(): Promise<ManifestFile[]> {
    const found = await stat(this.path).catch((error: Error) => {
      throw new ManifestImportError(`${this.path} cannot be read: ${error.message}`);
    });
    if (!found.isDirectory())
      return MANIFEST_TABLES.map((table) => ({ table, path: this.path, depth: 2 as const }));
    return (await readdir(this.path)).sort().flatMap((name) => {
      const table = TABLE_FILE.exec(name)?.[1];
      return table !== undefined && isManifestTable(table)
        ? [{ table, path: join(this.path, name), depth: 1 as const }]
        : [];
    });
  }
}
