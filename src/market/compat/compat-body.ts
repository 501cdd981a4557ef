// Bodies of the original's clients. It reads what it needs and passes over the rest; what is missing or of another type is told by
// name. Texts are taken as they can be stored.

import { isStorable } from '../../platform/http/storable.js';

export type RawBody = Readonly<Record<string, unknown>>;

const MAX_INT4 = 2_147_483_647;

/** The keys of a body; none where it is no object. */
export function bodyOf(body: unknown): RawBody {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as RawBody) : {};
}

/** A text that can be seen and stored, of at most so many characters; null for anything else. */
export function textIn(body: RawBody, key: string, maximum: number): string | null {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  return typeof value === 'string' && value.length <= maximum && isStorable(value) ? value : null;
}

/** An id in a body or a query, as a number or its digits; null where it is none. */
export function idIn(body: RawBody, key: string): number | null {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  return integer(typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value, 1);
}

/** @returns the number where it is an integer that can be stored, and not below `least`; else null */
export function integer(value: unknown, least: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MAX_INT4
    ? value
    : null;
}
