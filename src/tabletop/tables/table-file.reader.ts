import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { type FoundRow, type FoundTable, readList, type TableFormat } from './table-lines.js';

// Files with tables: CSV (by the names of its columns), JSON (ours, a plain list, and what Foundry exports of a rollable table), and text.
// What is odd about a row is a note; only what is no such file at all is refused.

export const MOST_TABLES_IN_FILE = 200;
export const MOST_ROWS_IN_FILE = 5_000;

/** The file is not what it is said to be. Its message is for whoever sent it. */
export class TableFileFault extends Error {
  override readonly name = 'TableFileFault';
}

/** @param name of a table that the file gives none. @throws TableFileFault */
export function readTableFile(text: string, format: TableFormat, name: string): readonly FoundTable[] {
  const tables =
    format === 'csv'
      ? readCsv(text, name)
      : format === 'json'
        ? readJson(text, name)
        : [readList(text, name)];
  if (tables.length === 0) throw new TableFileFault('There is no table in this file');
  if (tables.length > MOST_TABLES_IN_FILE)
    throw new TableFileFault(`A file has at most ${MOST_TABLES_IN_FILE} tables`);
  if (tables.reduce((sum, { rows }) => sum + rows.length, 0) > MOST_ROWS_IN_FILE)
    throw new TableFileFault(`A file has at most ${MOST_ROWS_IN_FILE} rows`);
  return tables;
}

const COLUMNS: Readonly<Record<'text' | 'weight' | 'range' | 'when' | 'table', readonly string[]>> = {
  text: ['result', 'text', 'entry', 'value', 'outcome', 'description', 'name'],
  weight: ['weight', 'chance', 'odds', 'count'],
  range: ['range', 'roll', 'dice', 'd100', 'd20', 'd12', 'd10', 'd8', 'd6', 'd4'],
  when: ['when', 'condition', 'if'],
  table: ['table', 'table name', 'list'],
};

function readCsv(text: string, name: string): FoundTable[] {
  let lines: string[][];
  try {
    lines = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
      to: MOST_ROWS_IN_FILE + 2,
    });
  } catch {
    throw new TableFileFault('This cannot be read as CSV: a quote is opened and never closed');
  }
  const header = lines[0]?.map((cell) => cell.toLowerCase()) ?? [];
  const placeOf = (column: keyof typeof COLUMNS): number =>
    header.findIndex((cell) => COLUMNS[column].includes(cell));
  const hasHeader = placeOf('text') >= 0;
  // Without names the last column is the result and the one before it says how often.
  const isWide = (lines[0]?.length ?? 0) > 1;
  const places = hasHeader
    ? {
        text: placeOf('text'),
        weight: placeOf('weight'),
        range: placeOf('range'),
        when: placeOf('when'),
        table: placeOf('table'),
      }
    : { text: isWide ? 1 : 0, weight: -1, range: isWide ? 0 : -1, when: -1, table: -1 };
  const tables = new Map<string, FoundRow[]>();
  for (const [index, cells] of lines.entries()) {
    if (hasHeader && index === 0) continue;
    const cell = (place: number): string | undefined => (place < 0 ? undefined : cells[place]);
    const table = cell(places.table) ?? '';
    const rows = tables.get(table === '' ? name : table) ?? [];
    tables.set(table === '' ? name : table, rows);
    const range = cell(places.range);
    rows.push({
      line: index + 1,
      text: cell(places.text) ?? '',
      weight: cell(places.weight),
      range: range === '' ? undefined : range,
      when: cell(places.when),
    });
  }
  const dice = hasHeader ? /^d\d+$/.exec(header[places.range] ?? '')?.[0] : undefined;
  return [...tables].map(([of, rows]) => ({ name: of, rows, ...(dice === undefined ? {} : { dice }) }));
}

/** The one that the first line has most of. */
function delimiterOf(text: string): string {
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: first.split(sign).length }));
  return counts.sort((a, b) => b.count - a.count)[0]!.sign;
}

const weightSchema = z
  .union([z.number(), z.string().max(20)])
  .optional()
  .catch(undefined);
const textSchema = z.string().max(20_000).optional().catch(undefined);
const rowSchema = z.union([
  z.string().max(20_000),
  z.object({
    text: textSchema,
    result: textSchema,
    name: textSchema,
    description: textSchema,
    weight: weightSchema,
    when: z.string().max(1_000).optional().catch(undefined),
    low: z.number().optional().catch(undefined),
    high: z.number().optional().catch(undefined),
    range: z
      .union([
        z.string().max(40),
        z.tuple([z.number(), z.number()]).transform(([low, high]) => `${low}-${high}`),
      ])
      .optional()
      .catch(undefined),
  }),
]);
const listSchema = z.array(z.unknown()).max(MOST_ROWS_IN_FILE);
const tableSchema = z
  .object({
    name: z.string().max(1_000).optional().catch(undefined),
    dice: z.string().max(40).optional().catch(undefined),
    /** Foundry's. */
    formula: z.string().max(40).optional().catch(undefined),
    replacement: z.boolean().optional().catch(undefined),
    isDeck: z.boolean().optional().catch(undefined),
    rows: listSchema.optional(),
    results: listSchema.optional(),
    entries: listSchema.optional(),
  })
  .refine(({ rows, results, entries }) => (rows ?? results ?? entries) !== undefined);

function readJson(text: string, name: string): FoundTable[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TableFileFault('This is no JSON');
  }
  const whole = tableSchema.safeParse(json);
  if (whole.success) return [toFoundTable(whole.data, name)];
  const many = z.object({ tables: z.array(tableSchema).max(MOST_TABLES_IN_FILE) }).safeParse(json);
  if (many.success)
    return many.data.tables.map((table, index) => toFoundTable(table, `${name} ${index + 1}`));
  const list = z.array(tableSchema).min(1).max(MOST_TABLES_IN_FILE).safeParse(json);
  if (list.success) return list.data.map((table, index) => toFoundTable(table, `${name} ${index + 1}`));
  const rows = listSchema.safeParse(json);
  if (rows.success) return [toFoundTable({ rows: rows.data }, name)];
  throw new TableFileFault(
    'This JSON holds neither a table with rows, nor several of them, nor a list of results',
  );
}

function toFoundTable(table: z.output<typeof tableSchema>, name: string): FoundTable {
  const rows = table.rows ?? table.results ?? table.entries ?? [];
  const dice = table.dice ?? table.formula;
  const title = table.name?.trim();
  return {
    name: title === undefined || title === '' ? name : title,
    ...(dice === undefined ? {} : { dice: dice.toLowerCase() }),
    ...(table.isDeck === true || table.replacement === false ? { isDeck: true } : {}),
    rows: rows.map((row, index) => toFoundRow(row, index + 1)),
  };
}

function toFoundRow(json: unknown, line: number): FoundRow {
  const parsed = rowSchema.safeParse(json);
  if (!parsed.success) return { line, text: '' };
  if (typeof parsed.data === 'string') return { line, text: parsed.data.trim() };
  const { text, result, name, description, weight, when, low, high, range } = parsed.data;
  const said = [text, result, name, description].find((each) => each !== undefined && each.trim() !== '');
  const ends = low === undefined ? range : `${low}-${high ?? low}`;
  // Where both are given, Foundry's weight was made of the range.
  return {
    line,
    text: said?.trim() ?? '',
    weight: ends === undefined ? weight : undefined,
    range: ends,
    when,
  };
}
