import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { Catalog, type CatalogFile, catalogFileSchema } from '../destiny/catalysts/catalog.js';
import { catalogPath, readCatalogFile } from '../destiny/catalysts/catalog.reader.js';
import { type CatalogDifference, compareCatalogs, isEqual } from '../destiny/catalysts/catalog-difference.js';
import {
  CATALOG_TABLES,
  CatalogSources,
  type CatalogTable,
  isCatalogTable,
} from '../destiny/catalysts/catalog-sources.js';
import { deriveCatalog, type DerivedCatalog } from '../destiny/catalysts/derive-catalog.js';
import {
  type Accept,
  acceptTable,
  type ReadManifest,
  readManifestAt,
  readManifestBytes,
} from '../destiny/catalysts/manifest-definitions.reader.js';
import { BungieManifestSource } from '../destiny/manifest/bungie-manifest.source.js';
import type { Env } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';
import { OutboundError } from '../platform/outbound/outbound.errors.js';
import { defineProvider } from '../platform/outbound/outbound-policy.js';
import { Outbound } from '../platform/outbound/outbound.service.js';

export const CATALYSTS_USAGE = `  destiny catalysts refresh --manifest <file|folder|url> [--write]
                                   compare the shipped catalysts with a manifest (English; JSON, SQLite, its ZIP, or the address of
                                   Bungie's list of versions) and, with --write, make seeds/destiny/catalysts.json
                                   anew; exit code 1 when they differ and nothing is written`;

type Say = (line: string) => void;

/** Bungie's content is a file of a hundred megabytes and more. */
const CONTENT = defineProvider({
  provider: 'bungie-content',
  totalTimeoutMs: 600_000,
  mostResponseBytes: 1_000_000_000,
});

/** Compares the shipped catalysts with a manifest, or makes them anew. @throws StartupError with a sentence for them */
export async function refreshCatalysts(
  app: INestApplicationContext,
  env: Env,
  words: readonly string[],
  say: Say,
): Promise<void> {
  const { manifest, isWriting } = parse(words);
  if (!env.domains.includes('destiny')) throw new StartupError('DOMAINS leaves destiny out.');
  const sources = new CatalogSources();
  const read = await readManifest(app, env, manifest, sources);
  const absent = CATALOG_TABLES.filter((table) => !read.tables.includes(table));
  if (absent.length > 0) throw new StartupError(`${manifest} lacks ${absent.join(', ')}.`);
  const present = readCatalogFile(catalogPath());
  const known = new Catalog(present.catalysts);
  const derived = derive(sources, known, read.rootNodeHash);
  const difference = compareCatalogs(known.catalysts, derived.catalysts);
  report(difference, derived, say);
  if (isWriting) return write(present, derived, manifest, say);
  if (!isEqual(difference)) throw new StartupError('The file and the manifest differ; --write takes over.');
}

async function readManifest(
  app: INestApplicationContext,
  env: Env,
  manifest: string,
  sources: CatalogSources,
): Promise<ReadManifest> {
  const accept = sources.accept.bind(sources);
  try {
    if (!/^https?:\/\//.test(manifest)) return await readManifestAt(manifest, accept);
    if (isBungieIndex(manifest, env)) return await readLive(app.get(BungieManifestSource), accept);
    const answer = await app.get(Outbound).request(CONTENT, { url: new URL(manifest) });
    if (answer.status !== 200) throw new StartupError(`${manifest} answered ${answer.status}.`);
    return await readManifestBytes(answer.body, accept);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const { message } = error as Error;
    throw new StartupError(
      error instanceof OutboundError ? `${message}.` : `${manifest} cannot be read: ${message}.`,
    );
  }
}

/** Bungie's own list of versions: it needs the key, and names a file per table. */
function isBungieIndex(url: string, { bungie }: Env): boolean {
  return bungie !== undefined && url.replace(/\/+$/, '') === `${bungie.baseUrl}/Platform/Destiny2/Manifest`;
}

async function readLive(bungie: BungieManifestSource, accept: Accept): Promise<ReadManifest> {
  const { signal } = new AbortController();
  const { files } = await bungie.edition(signal);
  const tables: CatalogTable[] = [];
  for (const file of files.get('en') ?? []) {
    const { table } = file;
    if (!isCatalogTable(table)) continue;
    await bungie.read(file, signal, async (bytes) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      acceptTable(table, JSON.parse(Buffer.concat(pieces).toString('utf8')), accept);
    });
    tables.push(table);
  }
  return { tables, rootNodeHash: null };
}

function derive(sources: CatalogSources, known: Catalog, root: number | null): DerivedCatalog {
  try {
    return deriveCatalog(sources, known, root);
  } catch (error) {
    throw new StartupError(`No catalysts were found: ${(error as Error).message}.`);
  }
}

function report(difference: CatalogDifference, derived: DerivedCatalog, say: Say): void {
  const { missing, surplus, wrongWeapon } = difference;
  say(
    `${derived.catalysts.length} catalysts in the manifest; ours: ${missing.length} missing, ` +
      `${surplus.length} surplus, ${wrongWeapon.length} with the wrong weapon`,
  );
  for (const { recordHash, weaponName } of missing) say(`missing ${recordHash} ${weaponName}`);
  for (const { recordHash, weaponName } of surplus) say(`surplus ${recordHash} ${weaponName}`);
  for (const { recordHash, weaponName, actualWeaponName } of wrongWeapon)
    say(`wrong weapon ${recordHash} ${weaponName}, is of ${actualWeaponName}`);
  for (const { recordHash, name } of derived.unmatched) say(`no weapon for ${recordHash} ${name}`);
}

/** Beside the old file and then in its place, so that no half of it is ever read. */
function write(present: CatalogFile, derived: DerivedCatalog, manifest: string, say: Say): void {
  const name = existsSync(manifest) ? 'a manifest from a file' : manifest.slice(0, 250);
  const sources = [...present.provenance.sources.filter((source) => !source.startsWith(READ)), READ + name];
  const madeOn = new Date().toISOString().slice(0, 10);
  const provenance = { ...present.provenance, sources, madeOn };
  const file = catalogFileSchema.parse({ provenance, catalysts: derived.catalysts });
  new Catalog(structuredClone(file.catalysts));
  const path = catalogPath();
  writeFileSync(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  say(`wrote ${derived.catalysts.length} catalysts into seeds/destiny/catalysts.json`);
}

const READ = 'Definitions of Bungie, Inc.: ';

function parse(words: readonly string[]): { manifest: string; isWriting: boolean } {
  const options = {
    manifest: { type: 'string' },
    write: { type: 'boolean', default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    if (positionals.join(' ') === 'catalysts refresh' && values.manifest)
      return { manifest: values.manifest, isWriting: values.write };
  } catch {
    // an unknown option: the usage says which there are
  }
  throw new StartupError(`Usage:\n${CATALYSTS_USAGE}`);
}
