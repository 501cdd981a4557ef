// Reads the tables that decide about catalysts from a manifest on this machine, in any form that Bungie or people keep one: one JSON
// file of all tables, a folder with a JSON file per table, the SQLite file that Bungie's apps load, or the ZIP that it comes in. Whole
// tables are in memory while they are read (a few hundred megabytes for a real one); this is a command's work, not a request's.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isSqlite, isZip, onlyEntryOf, SqliteManifest } from '../manifest/sqlite-manifest.reader.js';
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
  if (isZip(bytes)) return readManifestBytes(onlyEntryOf(bytes), accept);
  if (isSqlite(bytes)) return readSqlite(bytes, accept);
  const all = parse(bytes, 'the file');
  const tables = CATALOG_TABLES.filter((table) => isObject(all[table]));
  for (const table of tables) acceptTable(table, all[table], accept);
  const settings = all['Destiny2CoreSettings'];
  const root = isObject(settings) ? settings['exoticCatalystsRootNodeHash'] : undefined;
  return { tables, rootNodeHash: typeof root === 'number' ? root : null };
}

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
  const manifest = await SqliteManifest.open(bytes);
  try {
    const tables = CATALOG_TABLES.filter((table) => manifest.tables.includes(table));
    for (const table of tables)
      for (const { id, json } of manifest.rows(table)) accept(table, withHash(id, JSON.parse(json)));
    return { tables, rootNodeHash: null };
  } finally {
    manifest.close();
  }
}

/** The id of a row is the hash as a signed number; the definition itself mostly holds the hash too. */
function withHash(id: number, definition: unknown): unknown {
  return isObject(definition) ? { hash: hashOfRowId(id), ...definition } : definition;
}

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
