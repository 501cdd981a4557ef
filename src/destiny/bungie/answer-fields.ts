import { malformed } from './bungie-fault.js';

// Narrow looks at what JSON.parse gave. They are called for tens of thousands of fields of one profile, so each is a comparison or two and
// makes nothing. Where a field decides what the answer is, another shape than Bungie's is `malformed`; elsewhere it counts as left out.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws BungieFault malformed */
export function objectOf(value: unknown, place: string): JsonObject {
  if (!isObject(value)) throw malformed(place);
  return value;
}

/** Nothing for what is left out. @throws BungieFault malformed */
export function listOf(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw malformed(place);
  return value;
}

const MOST_HASH = 0xffff_ffff;

/** An unsigned number of 32 bits; undefined for anything else. */
export function hashOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= MOST_HASH && Number.isInteger(value)
    ? value
    : undefined;
}

/** The same as the key of an object. */
export function hashOfKey(key: string): number | undefined {
  const number = Number(key);
  return String(number) === key ? hashOf(number) : undefined;
}

const ID = /^[1-9]\d{0,19}$/;

/** An id of 64 bits, which is text in JSON; undefined for anything else: a number would have lost digits already. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

const MOST_INT32 = 0x7fff_ffff;

/** A whole number of 32 bits with sign; undefined for anything else. */
export function int32Of(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MOST_INT32
    ? value
    : undefined;
}

/** Bits and unknown members of enumerations: any whole number that PostgreSQL's integer holds. */
export function bitsOf(value: unknown): number | undefined {
  const bits = int32Of(value);
  return bits !== undefined && bits >= 0 ? bits : undefined;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Unix milliseconds of an instant since 1970; undefined for anything else. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value)) return undefined;
  const atMs = Date.parse(value);
  return atMs >= 0 ? atMs : undefined;
}

/** Text without characters that cannot be stored or shown, at most so long; null where nothing is left. */
export function textOf(value: unknown, mostCharacters: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters)
    .toWellFormed();
  return text === '' ? null : text;
}
