import { CsvError, parse } from 'csv-parse/sync';
import { linesOf, parseLine, UNREADABLE } from '../ingest/judge-batch.js';

// A file becomes elements like those of a JSON batch, so that one schema judges both. CSV knows texts only: columns that are
// numbers are read as such, and an empty field is as good as absent.

const NUMBERS = new Set(['externalId', 'unitPrice', 'lots']);
const TEXTS = new Set(['name', 'category', 'capturedAt', 'source', 'sourceVersion']);
export const CSV_COLUMNS: readonly string[] = [...NUMBERS, ...TEXTS];

/** The first line of a CSV file. @returns its columns, or what is wrong with them */
export function readHeader(firstPart: string): { columns: string[] } | { fault: string } {
  let header: string[] | undefined;
  try {
    [header] = parse(firstPart, { ...OPTIONS, to: 1 });
  } catch {
    return { fault: 'The first line cannot be read as CSV.' };
  }
  if (!header) return { fault: 'The first part has no header line.' };
  const unknown = header.filter((column) => !CSV_COLUMNS.includes(column));
  if (unknown.length > 0)
    return { fault: `Unknown columns: ${unknown.join(', ')}; known are ${CSV_COLUMNS.join(', ')}.` };
  if (new Set(header).size < header.length) return { fault: 'A column stands twice in the header.' };
  return { columns: header };
}

/** Rows of a part. Each becomes an element when it is asked for, so that a part need not be read in one go. */
export interface PartRows {
  readonly count: number;
  /** @param row 0-based, the header not counted */
  element(row: number): unknown;
}

/** @param columns of the file's header; @param isFirst whether the part begins with that header */
export function readCsv(body: string, columns: readonly string[], isFirst: boolean): PartRows {
  const kinds = columns.map((column) => ({ column, isNumber: NUMBERS.has(column) }));
  const skipped = isFirst ? 1 : 0;
  if (!body.includes('"')) {
    const lines = plainLinesOf(body).slice(skipped);
    return { count: lines.length, element: (row) => toElement(lines[row]!.split(','), kinds) };
  }
  const records = readQuoted(body, isFirst);
  return {
    count: records.length,
    element: (row) => {
      const fields = records[row];
      return fields ? toElement(fields, kinds) : UNREADABLE;
    },
  };
}

export function readNdjson(body: string): PartRows {
  const lines = linesOf(body);
  return { count: lines.length, element: (row) => parseLine(lines[row]!) };
}

const OPTIONS = { bom: true, skip_empty_lines: true, relax_column_count: true } as const;

/** Without a quote a record is a line and a field is what stands between commas: a fifth of the work of the parser, which reads the same. */
function plainLinesOf(body: string): string[] {
  const [lineEnd = '\n'] = /\r\n|\n|\r/.exec(body) ?? [];
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body;
  return text.split(lineEnd).filter((line) => line !== '');
}

/** @returns fields of each record; undefined for one that cannot be read */
function readQuoted(body: string, isFirst: boolean): (string[] | undefined)[] {
  try {
    return parse(body, { ...OPTIONS, from: isFirst ? 2 : 1 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return readLineByLine(body, isFirst);
  }
}

/** One broken quote must not cost its whole part: each line by itself then, and only the broken ones are unreadable. */
function readLineByLine(body: string, isFirst: boolean): (string[] | undefined)[] {
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(isFirst ? 1 : 0).map((line) => {
    try {
      return parse(line, OPTIONS)[0];
    } catch {
      return undefined;
    }
  });
}

function toElement(
  fields: readonly string[],
  kinds: readonly { column: string; isNumber: boolean }[],
): unknown {
  if (fields.length > kinds.length) return UNREADABLE;
  const element: Record<string, unknown> = {};
  for (let index = 0; index < fields.length; index += 1) {
    const { column, isNumber } = kinds[index]!;
    const text = fields[index]!.trim();
    if (text !== '') element[column] = isNumber ? toNumber(text) : text;
  }
  return element;
}

/** `Number()` would also take '0x10' and '1e3'; what is no plain number stays a text, which the schema then refuses. */
function toNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
