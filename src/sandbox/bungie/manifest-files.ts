import type { ServerResponse } from 'node:http';
import { mixed32 } from '../random.js';
import type { Catalyst } from './catalyst-set.js';
import { hashOf } from './game-words.js';
import { type Definition, definitionsOf, type Table, TABLES } from './manifest-definitions.js';
import type { WeaponWorld } from './weapon-world.js';

// The manifest: a list of files, which never change, and the files. A published version stays until it is dropped, as a content network
// keeps files for a while. Large ones are written as they are made, so that 200 MB need no memory.

export interface ManifestVersion {
  readonly version: string;
  readonly languages: readonly string[];
  /** About how large the files of one language are together; what the players need comes to about 0.5. */
  readonly sizeMb: number;
  readonly catalysts: readonly Catalyst[];
  readonly weapons: WeaponWorld;
  readonly otherRecords: number;
}

export interface ManifestFile {
  readonly version: ManifestVersion;
  readonly language: string;
  /** Null: the one with all tables. */
  readonly table: Table | null;
}

const FOLDER = '/common/destiny2_content/json';
const CHUNK_CHARS = 65_536;

/** Share of the size, and about how many bytes a row has. */
const FILLERS: Partial<Record<Table, { share: number; rowBytes: number }>> = {
  DestinyInventoryItemDefinition: { share: 0.7, rowBytes: 4_000 },
  DestinyRecordDefinition: { share: 0.15, rowBytes: 1_500 },
  DestinyObjectiveDefinition: { share: 0.05, rowBytes: 600 },
  DestinyPlugSetDefinition: { share: 0.05, rowBytes: 2_000 },
  DestinyCollectibleDefinition: { share: 0.05, rowBytes: 800 },
};

export class ManifestFiles {
  private versions: ManifestVersion[] = [];

  get current(): ManifestVersion {
    return this.versions.at(-1)!;
  }

  /** From now on this is the manifest. @param keepsOld whether the files before stay */
  publish(version: ManifestVersion, keepsOld = true): void {
    this.versions = [...(keepsOld ? this.versions : []), version];
  }

  answer(): object {
    const { version, languages } = this.current;
    const each = <T>(of: (language: string) => T): Record<string, T> =>
      Object.fromEntries(languages.map((language) => [language, of(language)]));
    return {
      version,
      mobileAssetContentPath: '',
      mobileGearAssetDataBases: [],
      mobileWorldContentPaths: {},
      jsonWorldContentPaths: each((language) => this.pathOf(language, null)),
      jsonWorldComponentContentPaths: each((language) =>
        Object.fromEntries(TABLES.map((table) => [table, this.pathOf(language, table)])),
      ),
      mobileClanBannerDatabasePath: '',
      mobileGearCDN: {},
      iconImagePyramidInfo: [],
    };
  }

  /** Undefined: no such file, or no longer. */
  find(path: string): ManifestFile | undefined {
    const [, language = '', name = '', id = ''] = FILE_PATH.exec(path) ?? [];
    const version = this.versions.find((one) => idOf(one.version) === id);
    if (!version?.languages.includes(language)) return undefined;
    if (name === 'aggregate') return { version, language, table: null };
    const table = TABLES.find((one) => one === name);
    return table && { version, language, table };
  }

  definition(table: string, hash: number): Definition | undefined {
    const known = TABLES.find((one) => one === table);
    const { current } = this;
    const language = current.languages[0] ?? 'en';
    return known && definitionsOf(known, { ...current, language }).find((row) => row.hash === hash);
  }

  private pathOf(language: string, table: Table | null): string {
    return `${FOLDER}/${language}/${table ?? 'aggregate'}-${idOf(this.current.version)}.json`;
  }
}

const FILE_PATH = /^\/common\/destiny2_content\/json\/([a-z-]+)\/([A-Za-z]+)-([0-9a-f-]+)\.json$/;

function idOf(version: string): string {
  const hex = [0, 1, 2, 3].map((part) => hashOf(`${version}/${part}`).toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Writes a file as fast as it is read, and leaves its end to the caller. @param mostBytes after which it stops */
export async function writeFile(
  response: ServerResponse,
  file: ManifestFile,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<void> {
  let leftBytes = mostBytes;
  for (const text of chunksOf(file)) {
    if (response.destroyed || leftBytes <= 0) return;
    const chunk = Buffer.from(text);
    const isTaken = response.write(chunk.length > leftBytes ? chunk.subarray(0, leftBytes) : chunk);
    leftBytes -= chunk.length;
    if (!isTaken) await drained(response);
  }
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.once('drain', go).once('close', go);
  });
}

function* chunksOf(file: ManifestFile): Generator<string> {
  let pending = '';
  for (const piece of file.table === null ? aggregate(file) : tablePieces(file, file.table)) {
    pending += piece;
    if (pending.length < CHUNK_CHARS) continue;
    yield pending;
    pending = '';
  }
  yield pending;
}

function* aggregate(file: ManifestFile): Generator<string> {
  for (const [index, table] of TABLES.entries()) {
    yield `${index === 0 ? '{' : ','}"${table}":`;
    yield* tablePieces(file, table);
  }
  yield '}';
}

function* tablePieces({ version, language }: ManifestFile, table: Table): Generator<string> {
  const rows = definitionsOf(table, { ...version, language });
  const taken = new Set(rows.map(({ hash }) => hash));
  let separator = '{';
  for (const row of rows) {
    yield `${separator}"${row.hash}":${JSON.stringify(row)}`;
    separator = ',';
  }
  const filler = FILLERS[table];
  if (filler !== undefined && rows.length > 0) {
    const count = Math.floor((version.sizeMb * 1_048_576 * filler.share) / filler.rowBytes);
    const template = templateOf(rows[rows.length - 1]!, filler.rowBytes);
    for (let index = 0; index < count; index += 1) {
      const hash = mixed32(index + 1);
      if (!taken.has(hash)) yield `${separator}"${hash}":${template(hash, rows.length + index)}`;
      separator = ',';
    }
  }
  yield separator === '{' ? '{}' : '}';
}

/** Rows as the last real one, made long by a text that changes with each. */
function templateOf(row: Definition, rowBytes: number): (hash: number, index: number) => string {
  const body = JSON.stringify({ ...row, hash: 'HASH', index: 'INDEX', displayProperties: 'WORDS' });
  const [start = '', middle = '', end = '', rest = ''] = body.split(/"HASH"|"INDEX"|"WORDS"/);
  const order = [...body.matchAll(/"(HASH|INDEX|WORDS)"/g)].map(([, word]) => word);
  const padding = 'Said of it is more than anybody needs to know. '.repeat(100);
  const padChars = Math.max(40, rowBytes - body.length - 150);
  return (hash, index) => {
    const description = `${hash} ${padding.slice(index % 47, (index % 47) + padChars)}`;
    const values: Record<string, string> = {
      HASH: String(hash),
      INDEX: String(index),
      WORDS: `{"description":"${description}","name":"Filler ${index}","hasIcon":false}`,
    };
    const [first, second, third] = order.map((word) => values[word!]!);
    return `${start}${first}${middle}${second}${end}${third}${rest}`;
  };
}
