// Texts lie in partitions by the time of their row. Times at which there can be a partition have bounds; whatever is dated outside of them
// lies at the edge, and is looked for there.

const FIRST_MS = Date.UTC(2010, 0, 1);
const LAST_MS = Date.UTC(2099, 11, 31);

/** Where the text of a row of this time lies; Unix milliseconds. */
export function payloadMs(rowMs: number): number {
  return Math.min(LAST_MS, Math.max(FIRST_MS, rowMs));
}

/** Likewise, in SQL. @param column of the row's time */
export function payloadAt(column: string): string {
  return `least('${iso(LAST_MS)}'::timestamptz, greatest('${iso(FIRST_MS)}'::timestamptz, ${column}))`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
