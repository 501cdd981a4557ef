import { z } from 'zod';
import { FormulaFault, type Variables } from './formula.js';
import type { RandomTable, TableRow } from './random-table.js';
import { mapReferences, parseText } from './table-text.js';

/** A table as it is stored in the details of its object: within its texts other tables stand by their ids. */
const storedSchema = z.object({
  rows: z
    .array(
      z.object({
        text: z.string(),
        weight: z.number().optional(),
        low: z.number().optional(),
        high: z.number().optional(),
        when: z.string().optional(),
      }),
    )
    .default([]),
  dice: z.string().optional(),
  isDeck: z.boolean().default(false),
  /** Values that a roll has where it is given none. */
  variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Ids of the tables that its rows ask. */
  nested: z.array(z.string()).default([]),
});

export interface StoredTable extends RandomTable {
  readonly isDeck: boolean;
  readonly variables: Variables;
  readonly nested: readonly string[];
}

const EMPTY: StoredTable = { rows: [], isDeck: false, variables: {}, nested: [] };

/** What cannot be read is a table without rows: rooms that write objects of any kind do not know of tables. */
export function readStoredTable(details: unknown): StoredTable {
  const parsed = storedSchema.safeParse(details);
  return parsed.success ? parsed.data : EMPTY;
}

export const HIDDEN_TABLE = '?';

/** Rows as somebody reads them: tables that they see by their names, others as {@link HIDDEN_TABLE}. @param names by id, of those that they see */
export function shownRows(rows: readonly TableRow[], names: ReadonlyMap<string, string>): TableRow[] {
  return rows.map((row) => ({ ...row, text: shownText(row.text, names) }));
}

export function shownText(text: string, names: ReadonlyMap<string, string>): string {
  if (!isReadable(text)) return text;
  return mapReferences(text, (id) => {
    const name = names.get(id);
    // A name that would end the braces cannot stand in them.
    return name === undefined ? HIDDEN_TABLE : /[{}]/.test(name) ? id : name;
  });
}

/** Rows that another room has written may be anything; nothing within them was taken for a table then. */
function isReadable(text: string): boolean {
  try {
    parseText(text);
    return true;
  } catch (error) {
    if (error instanceof FormulaFault) return false;
    throw error;
  }
}
