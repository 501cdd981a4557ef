import type { Instant, Json } from './canonical-rows.js';

// Reading rows that somebody else's next version will change: unknown keys are passed over, a key may be missing or null, a number
// may come as text. What cannot be made sense of is null, and only a row without id or time is refused. Nothing here throws.

type Raw = { readonly [key: string]: Json };

/** Longer names are cut; an index entry of PostgreSQL holds 2,704 bytes. */
const LONGEST_NAME = 500;
const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/;

export function isObject(value: Json | undefined): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An instant in ISO 8601, or as ClickHouse writes it into exports (a blank for the T, no zone), which is given back in ISO.
 * Years have four digits.
 */
export function instantOf(value: Json | undefined): Instant | null {
  if (typeof value !== 'string') return null;
  const [, day, time, zone] = ISO.exec(value) ?? [];
  if (day === undefined || time === undefined) return null;
  const at = new Date(`${day}T${time}${zone ?? 'Z'}`);
  // A date of 0000 or with a large offset may leave the years that PostgreSQL and ISO share.
  if (!(at.getTime() >= -62_135_596_800_000 && at.getTime() < 253_402_300_800_000)) return null;
  const isIso = zone !== undefined && value.charAt(10) === 'T';
  return { text: isIso ? value : at.toISOString(), at };
}

/** From -2^53 to 2^53, so that sums of many stay finite. */
export function clampedNumber(number: number): number {
  return Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** The fields of one row, under any of the names that they have had. Remembers whether a number had to be clamped. */
export class LooseFields {
  /** So far. */
  isClamped = false;

  constructor(private readonly raw: Raw) {}

  /** The first of the names that the row has and that is not null. */
  json(...names: readonly string[]): Json {
    for (const name of names) {
      // Own keys only: a name such as `constructor` must not find what every object has.
      const value = Object.hasOwn(this.raw, name) ? this.raw[name] : null;
      if (value !== undefined && value !== null) return value;
    }
    return null;
  }

  /** Text of any length; numbers and booleans as they are written. */
  text(...names: readonly string[]): string | null {
    const value = this.json(...names);
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return typeof value === 'string' ? value : null;
  }

  /** A name or a reference: empty is none, and very long ones are cut. */
  name(...names: readonly string[]): string | null {
    const text = this.text(...names);
    return text === null || text === '' ? null : cut(text);
  }

  /** The row's own id; null where there is none that could be kept whole. */
  id(...names: readonly string[]): string | null {
    const text = this.text(...names);
    return text === null || text === '' || text.length > LONGEST_NAME ? null : text;
  }

  names(...names: readonly string[]): readonly string[] {
    const value = this.json(...names);
    if (!Array.isArray(value)) return [];
    return (value as readonly Json[])
      .filter((one): one is string => typeof one === 'string' && one !== '')
      .map(cut);
  }

  instant(...names: readonly string[]): Instant | null {
    for (const name of names) {
      const instant = instantOf(this.json(name));
      if (instant !== null) return instant;
    }
    return null;
  }

  /** What cannot be kept as a number is clamped and marks the row. */
  number(...names: readonly string[]): number | null {
    return this.numberOf(this.json(...names));
  }

  numberOf(value: Json): number | null {
    if (value === null || typeof value === 'boolean' || typeof value === 'object') return null;
    const number = typeof value === 'string' ? (value.trim() === '' ? Number.NaN : Number(value)) : value;
    if (Number.isNaN(number)) return null;
    const clamped = clampedNumber(number);
    if (clamped !== number) this.isClamped = true;
    return clamped;
  }

  /** A count from 0 to 2^53-1; what lies outside is clamped and marks the row. */
  count(...names: readonly string[]): number | null {
    return this.countOf(this.json(...names));
  }

  countOf(value: Json): number | null {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || Number.isNaN(number)) return null;
    const clamped = Math.min(Math.max(Math.round(number), 0), Number.MAX_SAFE_INTEGER);
    if (clamped !== number) this.isClamped = true;
    return clamped;
  }

  /** A sub-object; empty where there is none. */
  object(...names: readonly string[]): Raw {
    const value = this.json(...names);
    return isObject(value) ? value : {};
  }
}

function cut(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  const head = text.slice(0, LONGEST_NAME);
  // Not in the middle of a pair.
  return head.isWellFormed() ? head : head.slice(0, -1);
}
