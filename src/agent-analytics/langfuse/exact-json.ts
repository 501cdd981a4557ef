import type { Json } from './canonical-rows.js';

// JSON as PostgreSQL can keep it and as it was written. JSON.parse rounds integers beyond 2^53, and NUL and lone surrogates, which
// models do write, are refused by jsonb and text alike; nesting without end breaks whoever walks it.

/** Deeper values are replaced by a sentence; no real payload comes near. */
const MOST_LEVELS = 200;
const TOO_DEEP = '[nested too deeply to be kept]';
const UNKEPT = /\0|\p{Surrogate}/u;
const EVERY_UNKEPT = /\0|\p{Surrogate}/gu;
/** Escapes that may stand for such characters. */
const UNKEPT_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;
/** How JSON begins, where it is not to be a name or a sentence. */
const MAYBE_JSON = /^\s*(?:[{["]|-?\d|(?:true|false|null)\s*$)/;
/** Something that may be a number which JSON.parse would bend. */
const LONG_DIGITS = /\d{16}|[eE]\+?\d{3}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;

/** Text without NUL and lone surrogates: each becomes U+FFFD. */
export function keepableText(text: string): string {
  return UNKEPT.test(text) ? text.replace(EVERY_UNKEPT, '\ufffd') : text;
}

/**
 * A JSON text as a value that can be kept: integers that a double cannot hold, and numbers beyond all doubles, are text.
 * @throws SyntaxError for text that is no JSON
 */
export function parseExactJson(text: string): Json {
  const value: unknown = JSON.parse(LONG_DIGITS.test(text) ? withLongNumbersQuoted(text) : text);
  // Hardly any text needs the walk that copies.
  return UNKEPT_ESCAPE.test(text) || !text.isWellFormed() || isDeeperThan(value, MOST_LEVELS)
    ? keepable(value, MOST_LEVELS)
    : (value as Json);
}

/** Input, output and metadata as v2 and exports give them: what was not text to begin with is JSON in text. */
export function parsePayload(value: Json): Json {
  if (typeof value !== 'string' || !MAYBE_JSON.test(value)) return value;
  try {
    return parseExactJson(value);
  } catch {
    return value;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeeperThan((value as Record<string, unknown>)[key], levels - 1)) return true;
  return false;
}

/** The same value where it can be kept as it is; otherwise a copy that can. */
function keepable(value: unknown, levels: number): Json {
  if (typeof value === 'string') return keepableText(value);
  if (value === null || typeof value !== 'object') return value as Json;
  if (levels === 0) return TOO_DEEP;
  if (Array.isArray(value)) {
    const kept = value.map((element) => keepable(element, levels - 1));
    return kept.some((element, index) => element !== value[index]) ? kept : (value as Json[]);
  }
  return keepableObject(value as Record<string, unknown>, levels);
}

function keepableObject(value: Record<string, unknown>, levels: number): Json {
  let isSame = true;
  const kept = Object.entries(value).map(([key, element]) => {
    const entry = [keepableText(key), keepable(element, levels - 1)] as const;
    isSame &&= entry[0] === key && entry[1] === element;
    return entry;
  });
  return isSame ? (value as Record<string, Json>) : Object.fromEntries(kept);
}

/** Walks the text once, past its strings, and puts numbers that would be bent into quotes. */
function withLongNumbersQuoted(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === MINUS || (code >= 48 && code <= 57)) {
      NUMBER.lastIndex = at;
      const [literal = ''] = NUMBER.exec(text) ?? [];
      if (literal !== '' && isBent(literal)) {
        parts.push(text.slice(copied, at), '"', literal, '"');
        copied = at + literal.length;
      }
      at += Math.max(0, literal.length - 1);
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

/** @returns where the closing quote stands; the text's end where there is none */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

function isBent(literal: string): boolean {
  const number = Number(literal);
  return !Number.isFinite(number) || (/^-?\d+$/.test(literal) && !Number.isSafeInteger(number));
}
