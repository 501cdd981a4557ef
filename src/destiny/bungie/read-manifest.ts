import { hashOf, isObject, objectOf } from './answer-fields.js';
import { malformed } from './bungie-fault.js';

// What Bungie says of its own data: where definitions lie, and from which node the catalysts hang.

export interface CoreSettings {
  /** A presentation node; null where Bungie does not name it. */
  readonly exoticCatalystsRootNodeHash: number | null;
}

/** @throws BungieFault malformed */
export function readCoreSettings(response: unknown): CoreSettings {
  const { destiny2CoreSettings } = objectOf(response, 'settings');
  const core = objectOf(destiny2CoreSettings, 'destiny2CoreSettings');
  return { exoticCatalystsRootNodeHash: hashOf(core['exoticCatalystsRootNodeHash']) ?? null };
}

export interface ManifestIndex {
  readonly version: string;
  /** By language: table to path below Bungie's address, one JSON file each. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By language: path of a ZIP with all of it as SQLite. */
  readonly databases: ReadonlyMap<string, string>;
}

const PATH = /^\/[\w./-]{1,300}$/;
const VERSION = /^[\w.-]{1,120}$/;

/** @throws BungieFault malformed */
export function readManifestIndex(response: unknown): ManifestIndex {
  const answer = objectOf(response, 'manifest');
  const version = answer['version'];
  if (typeof version !== 'string' || !VERSION.test(version)) throw malformed('version of the manifest');
  const byLanguage = objectOf(answer['jsonWorldComponentContentPaths'] ?? {}, 'paths of the manifest');
  return {
    version,
    tables: new Map(Object.entries(byLanguage).map(([language, paths]) => [language, pathsOf(paths)])),
    databases: pathsOf(answer['mobileWorldContentPaths']),
  };
}

function pathsOf(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (!isObject(value)) return found;
  for (const [name, path] of Object.entries(value))
    if (typeof path === 'string' && PATH.test(path) && !path.includes('..')) found.set(name, path);
  return found;
}
