import { ImportRefusal } from './import-refusal.js';

// Files of strangers as JSON: sizes are judged before anything recurses into them.

export interface JsonLimits {
  readonly bytes: number;
  /** Levels of lists and objects. */
  readonly depth: number;
  /** Lists, objects and plain values together. */
  readonly values: number;
}

/** A sheet of the highest level with everything on it is half a megabyte; Foundry actors with long texts are two. */
export const SHEET_LIMITS: JsonLimits = { bytes: 8 * 1_048_576, depth: 40, values: 300_000 };

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ImportRefusal empty, too-large, not-text */
export function readText(bytes: Uint8Array, mostBytes: number): string {
  if (bytes.length > mostBytes) throw new ImportRefusal('too-large', `at most ${mostBytes} bytes`);
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw new ImportRefusal('not-text');
  }
  if (text.trim() === '') throw new ImportRefusal('empty');
  return text;
}

/** @throws ImportRefusal empty, too-large, not-text, not-json, too-deep, too-many-values */
export function readJson(bytes: Uint8Array, limits: JsonLimits = SHEET_LIMITS): unknown {
  return parseJson(readText(bytes, limits.bytes), limits);
}

/** @throws ImportRefusal not-json, too-deep, too-many-values */
export function parseJson(text: string, limits: JsonLimits = SHEET_LIMITS): unknown {
  // Before parsing: a million brackets are a million objects.
  if (deepest(text) > limits.depth) throw new ImportRefusal('too-deep', `at most ${limits.depth} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ImportRefusal('not-json');
  }
  assertWithin(value, limits);
  return value;
}

/** Without recursion, which a hostile depth would exhaust. @throws ImportRefusal too-deep, too-many-values */
export function assertWithin(root: unknown, limits: Pick<JsonLimits, 'depth' | 'values'>): void {
  const left: [value: unknown, depth: number][] = [[root, 0]];
  let count = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [value, depth] = next;
    count += 1;
    if (count > limits.values) throw new ImportRefusal('too-many-values', `at most ${limits.values}`);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= limits.depth) throw new ImportRefusal('too-deep', `at most ${limits.depth} levels`);
    for (const inner of Object.values(value)) left.push([inner, depth + 1]);
  }
}

/** Levels of brackets outside of strings. */
function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) most = Math.max(most, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return most;
}
