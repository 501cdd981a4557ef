import { parse } from 'csv-parse/sync';
import type { ObjectKind } from '../objects/object-kinds.js';
import { ImportRefusal } from './import-refusal.js';
import { parseJson, readText } from './json-file.js';
import { MappingNotes, type MappingReport } from './mapping-report.js';
import { type ImportedObject, readObjectDraft } from './object-draft.js';
import { isRecord, Place } from './value-reader.js';

// Lists of things with names: tables of a spreadsheet, JSON of other programs.

export interface ReadObjects {
  readonly objects: readonly ImportedObject[];
  readonly report: MappingReport;
}

const MOST_BYTES = 16 * 1_048_576;
export const MOST_ROWS = 5_000;
const MOST_COLUMNS = 100;
/** Names under which programs put their lists. */
const LISTS = ['items', 'objects', 'entities', 'results', 'data', 'rows', 'entries'];

/** @param kind of those that do not say @throws ImportRefusal */
export function readCsvList(bytes: Uint8Array, kind: ObjectKind): ReadObjects {
  const text = readText(bytes, MOST_BYTES);
  const rows = rowsOf(text);
  const [head, ...body] = rows;
  if (head === undefined || body.length === 0) throw new ImportRefusal('not-a-list');
  if (body.length > MOST_ROWS) throw new ImportRefusal('too-many-rows', `at most ${MOST_ROWS}`);
  const columns = head.map((name) => name.trim()).slice(0, MOST_COLUMNS);
  if (!columns.some((name) => /^(?:name|title)$/i.test(name)))
    throw new ImportRefusal('not-a-list', 'no column is called name');
  const notes = new MappingNotes();
  const objects = body.flatMap((cells, at) => {
    const fields = Object.fromEntries(columns.map((name, column) => [name, cells[column] ?? '']));
    if (cells.length > columns.length)
      notes.note(`/${at}`, 'has more cells than there are columns; they are left out');
    return draftsOf(new Place(fields, `/${at}`, notes), notes, kind);
  });
  return { objects: unique(objects, notes), report: notes.report('csv') };
}

/** Commas, semicolons or tabs, whichever the first line has most of. */
function rowsOf(text: string): string[][] {
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  const count = (sign: string): number => firstLine.split(sign).length;
  const delimiter = [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
  try {
    const options = {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      to: MOST_ROWS + 2,
      max_record_size: 1_048_576,
    };
    return parse(text, options);
  } catch {
    throw new ImportRefusal('not-csv');
  }
}

/** A list, or an object that has one under a name that programs use. @throws ImportRefusal */
export function readJsonList(bytes: Uint8Array, kind: ObjectKind): ReadObjects {
  const value = parseJson(readText(bytes, MOST_BYTES));
  const key = isRecord(value) ? LISTS.find((name) => Array.isArray(value[name])) : undefined;
  const list: unknown = key === undefined ? value : (value as Record<string, unknown>)[key];
  if (!Array.isArray(list) || list.length === 0) throw new ImportRefusal('not-a-list');
  if (list.length > MOST_ROWS) throw new ImportRefusal('too-many-rows', `at most ${MOST_ROWS}`);
  const notes = new MappingNotes();
  const root = key === undefined ? '' : `/${key}`;
  const objects = list.flatMap((one: unknown, at) =>
    draftsOf(new Place(one, `${root}/${at}`, notes), notes, kind),
  );
  notes.keepTheRest(value, 2);
  return { objects: unique(objects, notes), report: notes.report('json') };
}

function draftsOf(place: Place, notes: MappingNotes, kind: ObjectKind): ImportedObject[] {
  if (!isRecord(place.value)) {
    place.odd('is no object with fields; left out');
    return [];
  }
  const draft = readObjectDraft(place, notes, { name: '', kind, body: '', sourceKey: '' });
  return draft === null ? [] : [draft];
}

/** Two of one key would be one object after a second import. */
function unique(objects: readonly ImportedObject[], notes: MappingNotes): ImportedObject[] {
  const seen = new Map<string, number>();
  return objects.map((one) => {
    const times = (seen.get(one.sourceKey) ?? 0) + 1;
    seen.set(one.sourceKey, times);
    if (times === 1) return one;
    notes.note('/', 'has a name or id more than once; each becomes an object of its own');
    return { ...one, sourceKey: `${one.sourceKey} (${times})` };
  });
}
