import { CsvError, parse } from 'csv-parse/sync';
import { parseLines, UNREADABLE } from '../ingest/judge-batch.js';

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

/** @param columns of the file's header; @param isFirst whether the part begins with that header */
export function readCsv(body: string, columns: readonly string[], isFirst: boolean): unknown[] {
  let records: string[][];
  try {
    records = parse(body, { ...OPTIONS, from: isFirst ? 2 : 1 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return readLineByLine(body, columns, isFirst);
  }
  return records.map((fields) => toElement(fields, columns));
}

export function readNdjson(body: string): unknown[] {
  return parseLines(body);
}

const OPTIONS = { bom: true, skip_empty_lines: true, relax_column_count: true } as const;

/** One broken quote must not cost its whole part: each line by itself then, and only the broken ones are unreadable. */
function readLineByLine(body: string, columns: readonly string[], isFirst: boolean): unknown[] {
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(isFirst ? 1 : 0).map((line) => {
    try {
      const [fields] = parse(line, OPTIONS);
      return fields ? toElement(fields, columns) : UNREADABLE;
    } catch {
      return UNREADABLE;
    }
  });
}

function toElement(fields: readonly string[], columns: readonly string[]): unknown {
  if (fields.length > columns.length) return UNREADABLE;
  const element: Record<string, unknown> = {};
  fields.forEach((field, index) => {
    const column = columns[index]!;
    const text = field.trim();
    if (text !== '') element[column] = NUMBERS.has(column) ? toNumber(text) : text;
  });
  return element;
}

/** `Number()` would also take '0x10' and '1e3'; what is no plain number stays a text, which the schema then refuses. */
function toNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
