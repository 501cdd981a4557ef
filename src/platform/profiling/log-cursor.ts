// Where a page of performance rows or error groups ends, as `<microseconds>.<id>`. It is read by a pattern, so a cursor that was not made
// here is refused like any other malformed field.

/** Microseconds since 1970 until the year 2286, and what tells rows of one instant apart. */
export const LOG_CURSOR = /^(\d{1,16})\.(\d{1,18})$/;
export const ERROR_CURSOR = /^(\d{1,16})\.([0-9a-f]{32})$/;

/** Microseconds and id; both stay texts, since they are compared by PostgreSQL. */
export interface CursorKey {
  readonly us: string;
  readonly id: string;
}

export function cursorOf({ us, id }: CursorKey): string {
  return `${us}.${id}`;
}

/** @param cursor matches one of the patterns */
export function keyOf(cursor: string): CursorKey {
  const dot = cursor.indexOf('.');
  return { us: cursor.slice(0, dot), id: cursor.slice(dot + 1) };
}
