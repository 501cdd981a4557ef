// Reads the tables that decide about catalysts from a manifest on this machine, in any form that Bungie or people keep one: one JSON
// file of all tables, a folder with a JSON file per table, the SQLite file that Bungie's apps load, or the ZIP that it comes in. Whole
// tables are in memory while they are read (a few hundred megabytes for a real one); this is a command's work, not a request's.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { SqlJsStatic } from 'sql.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { CATALOG_TABLES, type CatalogTable, hashOfRowId, isCatalogTable } from './catalog-sources.js';

/** Takes one definition, parsed. */
export type Accept = (table: CatalogTable, definition: unknown) => void;

export interface ReadManifest {
  /** Tables that were there; those without are not in it. */
  readonly tables: readonly CatalogTable[];
  /** Of the settings, where they were saved beside the tables. */
  readonly rootNodeHash: number | null;
}

/** As Bungie names its files too, with the content's id behind the table. */
const TABLE_FILE = /^(Destiny[A-Za-z]+Definition)(?:-[\da-f-]+)?\.json$/;

/** @throws Error in a sentence when nothing of a manifest is there */
export async function readManifestAt(path: string, accept: Accept): Promise<ReadManifest> {
  if (!statSync(path).isDirectory()) return readManifestBytes(readFileSync(path), accept);
  const tables: CatalogTable[] = [];
  for (const name of readdirSync(path).sort()) {
    const table = TABLE_FILE.exec(name)?.[1];
    if (table === undefined || !isCatalogTable(table)) continue;
    acceptTable(table, parse(readFileSync(join(path, name)), name), accept);
    tables.push(table);
  }
  return { tables, rootNodeHash: null };
}

/** JSON of all tables, SQLite, or a ZIP of one of them: told apart by their first bytes. */
export async function readManifestBytes(bytes: Buffer, accept: Accept): Promise<ReadManifest> {
  if (bytes.subarray(0, 4).equals(ZIP_MARK)) return readManifestBytes(onlyEntryOf(bytes), accept);
  if (bytes.subarray(0, SQLITE_MARK.length).equals(SQLITE_MARK)) return readSqlite(bytes, accept);
  const all = parse(bytes, 'the file');
  const tables = CATALOG_TABLES.filter((table) => isObject(all[table]));
  for (const table of tables) acceptTable(table, all[table], accept);
  const settings = all['Destiny2CoreSettings'];
  const root = isObject(settings) ? settings['exoticCatalystsRootNodeHash'] : undefined;
  return { tables, rootNodeHash: typeof root === 'number' ? root : null };
}

const ZIP_MARK = Buffer.from('PK\u0003\u0004', 'latin1');
const SQLITE_MARK = Buffer.from('SQLite format 3\u0000', 'latin1');

/** `{ "<hash>": definition }`, or rows of the database as people save them: `[{ id, json }]`. */
export function acceptTable(table: CatalogTable, content: unknown, accept: Accept): void {
  if (!isObject(content)) throw new Error(`the table ${table} is no object of definitions`);
  for (const value of Object.values(content)) {
    const isRow = isObject(value) && typeof value['id'] === 'number' && isObject(value['json']);
    if (isRow) accept(table, withHash(value['id'] as number, value['json']));
    else accept(table, value);
  }
}

async function readSqlite(bytes: Buffer, accept: Accept): Promise<ReadManifest> {
  const sql = await loadSqlite();
  const database = new sql.Database(bytes);
  try {
    const found =
      database.exec(`SELECT name FROM sqlite_master WHERE type = 'table'`)[0]?.values.flat() ?? [];
    const tables = CATALOG_TABLES.filter((table) => found.includes(table));
    for (const table of tables) {
      const rows = database.prepare(`SELECT id, json FROM ${table}`);
      while (rows.step()) {
        const [id, json] = rows.get();
        const text = typeof json === 'string' ? json : Buffer.from(json as Uint8Array).toString('utf8');
        accept(table, withHash(Number(id), JSON.parse(text.replace(TRAILING_NUL, ''))));
      }
      rows.free();
    }
    return { tables, rootNodeHash: null };
  } finally {
    database.close();
  }
}

/** Old files end their text as C does. */
const TRAILING_NUL = /\0+$/;

/** The id of a row is the hash as a signed number; the definition itself mostly holds the hash too. */
function withHash(id: number, definition: unknown): unknown {
  return isObject(definition) ? { hash: hashOfRowId(id), ...definition } : definition;
}

/** Loaded when a database is read, and never before: it is a megabyte of WebAssembly. */
async function loadSqlite(): Promise<SqlJsStatic> {
  const { default: initSqlJs } = await import('sql.js');
  const folder = dirname(createRequire(join(packageRoot(), 'package.json')).resolve('sql.js'));
  return initSqlJs({ locateFile: (file) => join(folder, file) });
}

/** Bungie's ZIP holds one file. Read from the central directory, since local headers may leave sizes out. */
function onlyEntryOf(zip: Buffer): Buffer {
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

const MOST_UNPACKED_BYTES = 2_000_000_000;

function parse(bytes: Buffer, name: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Error(`${name} is no manifest: neither JSON nor SQLite nor a ZIP of one`);
  }
  if (!isObject(content)) throw new Error(`${name} holds no tables`);
  return content;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
