import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ManifestEdition,
  type ManifestFile,
  ManifestImportError,
  type ManifestSource,
} from './manifest-source.js';
import { isManifestTable, MANIFEST_TABLES } from './manifest-tables.js';
import { isSqlite, isZip, LONGEST_MARK, onlyEntryOf, SqliteManifest } from './sqlite-manifest.reader.js';

/** As Bungie names its files too, with the content's id behind the table. */
const TABLE_FILE = /^(Destiny[A-Za-z]+Definition)(?:-[\da-f-]+)?\.json$/;

/**
 * A manifest on this machine: a folder with one JSON file per table, one JSON file of all tables, or the SQLite file of Bungie's apps, packed
 * or not. Its version is the digest of what is in it, so the same files are the same version.
 */
export class FileManifestSource implements ManifestSource {
  readonly origin = 'file';
  private known: ManifestEdition | undefined;
  private database: Promise<SqliteManifest> | undefined;

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

  async read<T>(
    { table, path }: ManifestFile,
    signal: AbortSignal,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const database = await this.database;
    return use(database ? jsonOf(database, table) : createReadStream(path, { signal }));
  }

  /** Lets go of what reading took. */
  async close(): Promise<void> {
    const database = await this.database?.catch(() => undefined);
    database?.close();
    this.database = undefined;
  }

  private async files(): Promise<ManifestFile[]> {
    const found = await stat(this.path).catch((error: Error) => {
      throw new ManifestImportError(`${this.path} cannot be read: ${error.message}`);
    });
    if (!found.isDirectory()) return this.filesInOne();
    return (await readdir(this.path)).sort().flatMap((name) => {
      const table = TABLE_FILE.exec(name)?.[1];
      return table !== undefined && isManifestTable(table)
        ? [{ table, path: join(this.path, name), depth: 1 as const }]
        : [];
    });
  }

  private async filesInOne(): Promise<ManifestFile[]> {
    const { path } = this;
    if (!(await isDatabase(path))) return MANIFEST_TABLES.map((table) => ({ table, path, depth: 2 }));
    this.database ??= openDatabase(path);
    const { tables } = await this.database;
    return tables.filter(isManifestTable).map((table) => ({ table, path, depth: 1 }));
  }
}

async function isDatabase(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LONGEST_MARK) });
    const start = buffer.subarray(0, bytesRead);
    return isSqlite(start) || isZip(start);
  } finally {
    await file.close();
  }
}

async function openDatabase(path: string): Promise<SqliteManifest> {
  try {
    const bytes = await readFile(path);
    return await SqliteManifest.open(isZip(bytes) ? onlyEntryOf(bytes) : bytes);
  } catch (error) {
    throw new ManifestImportError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A table as the file of JSON that Bungie has of it. */
async function* jsonOf(database: SqliteManifest, table: string): AsyncGenerator<Uint8Array, void, undefined> {
  let before = '{';
  try {
    for (const { id, json } of database.rows(table)) {
      yield Buffer.from(`${before}"${id}":${json}`);
      before = ',';
    }
  } catch (error) {
    throw new ManifestImportError(`The table ${table} cannot be read: ${(error as Error).message}`);
  }
  yield Buffer.from(before === '{' ? '{}' : '}');
}
