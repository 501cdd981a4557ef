/** A cell of RFC 4180. */
export type Cell = string | number | null;

/** Lines end with CRLF; null is an empty cell. @param header names of the columns */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return toCsvRows([header, ...rows]);
}

/** A portion of the same, after its header. */
export function toCsvRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
}

const NEEDS_QUOTES = /[",\r\n]/;
/** Spreadsheets run a text that begins so as a formula; names of sources come from strangers. */
const FORMULA = /^[=+\-@\t]/;

function toCell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
