// The file that Bungie's apps load: SQLite with a table per kind of definition, rows `id` (the hash as a signed number of 32 bits) and `json`,
// mostly packed in a ZIP that holds nothing else. The whole file is in memory while it is read (a few hundred megabytes for a real
// one): this is a command's work, not a request's.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { Database, SqlJsStatic } from 'sql.js';
import { packageRoot } from '../../platform/config/package-root.js';

const ZIP_MARK = Buffer.from('PK\u0003\u0004', 'latin1');
const SQLITE_MARK = Buffer.from('SQLite format 3\u0000', 'latin1');
export const LONGEST_MARK = SQLITE_MARK.length;
const MOST_UNPACKED_BYTES = 2_000_000_000;
/** Old files end their text as C does. */
const TRAILING_NUL = /\0+$/;

export interface ManifestRow {
  /** Signed. */
  readonly id: number;
  readonly json: string;
}

export function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, ZIP_MARK.length).equals(ZIP_MARK);
}

export function isSqlite(bytes: Buffer): boolean {
  return bytes.subarray(0, SQLITE_MARK.length).equals(SQLITE_MARK);
}

/** An open file; whoever opens it closes it. */
export class SqliteManifest {
  private constructor(
    private readonly database: Database,
    readonly tables: readonly string[],
  ) {}

  /** @throws Error when it is no database */
  static async open(bytes: Buffer): Promise<SqliteManifest> {
    const sql = await loadSqlite();
    const database = new sql.Database(bytes);
    try {
      const [found] = database.exec(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`);
      return new SqliteManifest(database, (found?.values.flat() ?? []).map(String));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** @param table one of {@link tables} @throws Error where the file is damaged */
  *rows(table: string): Generator<ManifestRow, void, undefined> {
    const rows = this.database.prepare(`SELECT id, json FROM "${table.replaceAll('"', '""')}"`);
    try {
      while (rows.step()) {
        const [id, json] = rows.get();
        const text = typeof json === 'string' ? json : Buffer.from(json as Uint8Array).toString('utf8');
        yield { id: Number(id), json: text.replace(TRAILING_NUL, '') };
      }
    } finally {
      rows.free();
    }
  }

  close(): void {
    this.database.close();
  }
}

/** Loaded when a database is read, and never before: it is a megabyte of WebAssembly. */
async function loadSqlite(): Promise<SqlJsStatic> {
  const { default: initSqlJs } = await import('sql.js');
  const folder = dirname(createRequire(join(packageRoot(), 'package.json')).resolve('sql.js'));
  return initSqlJs({ locateFile: (file) => join(folder, file) });
}

/**
 * Bungie's ZIP holds one file. Read from the central directory, since local headers may leave sizes out.
 * @throws Error in a sentence
 */
export function onlyEntryOf(zip: Buffer): Buffer {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end === -1) throw new Error('the ZIP is cut off');
  const entry = zip.readUInt32LE(end + 16);
  const method = zip.readUInt16LE(entry + 10);
  const size = zip.readUInt32LE(entry + 20);
  const header = zip.readUInt32LE(entry + 42);
  const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
  const packed = zip.subarray(start, start + size);
  if (method === 0) return packed;
  if (method !== 8) throw new Error('the ZIP is packed in a way that is not read here');
  return inflateRawSync(packed, { maxOutputLength: MOST_UNPACKED_BYTES });
}
