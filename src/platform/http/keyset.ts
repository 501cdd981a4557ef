import { DomainError } from './domain-error.js';
import { HTTP_ERROR } from './problem.js';

/** One page of a keyset-ordered list. `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/**
 * A page from limit + 1 rows: the extra row only says that there is more.
 * @param keyOf the sort key and id of a row, in the order of the ORDER BY
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  map: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(map),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @param shape `['string', 'number']`: the types that the cursor's parts must have; numbers are integers. @throws DomainError */
export function decodeCursor<Shape extends readonly ('string' | 'number')[]>(
  cursor: string,
  shape: Shape,
): { [Index in keyof Shape]: Shape[Index] extends 'string' ? string : number } {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    key = undefined;
  }
  const isValid =
    Array.isArray(key) &&
    key.length === shape.length &&
    shape.every((type, index) => isPart(type, (key as unknown[])[index]));
  if (!isValid)
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'The cursor was not made by this list.');
  return key as never;
}

function isPart(type: 'string' | 'number', part: unknown): boolean {
  if (type === 'number') return Number.isSafeInteger(part);
  return typeof part === 'string' && !part.includes('\0') && part.isWellFormed();
}
