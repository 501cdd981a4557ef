import { MalformedManifestError, type RawDefinition } from './definition-splitter.js';
import { foldWords } from './fold-words.js';

/** A definition as it is stored. */
export interface NewDefinition {
  /** Unsigned, 32 bits. */
  readonly hash: number;
  /** Search key of its name; null where it has none. */
  readonly nameFold: string | null;
  readonly json: string;
}

/** Longest search key that is kept; a longer name is found by its beginning. */
const LONGEST_NAME = 200;
/** Escapes of what PostgreSQL cannot store as text: NUL, and halves of surrogate pairs (whole ones among them). */
const SUSPICIOUS_ESCAPE = /\\u(?:0000|d[89a-f])/i;

const text = new TextDecoder();

/** @throws MalformedManifestError when it is not JSON, or its key is no hash */
export function readDefinition({ key, json }: RawDefinition): NewDefinition {
  const hash = hashOf(key);
  if (hash === undefined) throw new MalformedManifestError(`The key "${key}" is no hash.`);
  let source = text.decode(json);
  let value: unknown;
  try {
    value = JSON.parse(source);
    if (SUSPICIOUS_ESCAPE.test(source)) {
      value = JSON.parse(source, (_name, inner: unknown) => storable(inner));
      source = JSON.stringify(value);
    }
  } catch {
    throw new MalformedManifestError(`The definition ${key} is not JSON.`);
  }
  return { hash, nameFold: nameFoldOf(value), json: source };
}

/** Also of the signed spelling, which the game's SQLite files have. */
export function hashOf(key: string): number | undefined {
  if (!/^-?\d{1,10}$/.test(key)) return undefined;
  const number = Number(key);
  return number >= -0x8000_0000 && number <= 0xffff_ffff ? number >>> 0 : undefined;
}

function storable(inner: unknown): unknown {
  if (typeof inner === 'string') return inner.toWellFormed().replaceAll('\0', '\uFFFD');
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
  const entries = Object.entries(inner);
  const isClean = entries.every(([name]) => name.isWellFormed() && !name.includes('\0'));
  return isClean ? inner : Object.fromEntries(entries.map(([name, one]) => [String(storable(name)), one]));
}

function nameFoldOf(value: unknown): string | null {
  const { displayProperties } = value as { displayProperties?: { name?: unknown } | null };
  const name = displayProperties?.name;
  if (typeof name !== 'string') return null;
  const folded = foldWords(name).slice(0, LONGEST_NAME).toWellFormed();
  return folded === '' ? null : folded;
}
