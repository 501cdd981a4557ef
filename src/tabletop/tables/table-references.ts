import type { InputFault } from '../../platform/http/input-fault.js';
import type { TableRow } from './random-table.js';
import { mapReferences, referencesOf } from './table-text.js';

/** A table that rows may ask. */
export interface KnownTable {
  readonly id: string;
  readonly name: string;
}

/** Everything that rows ask for, as it stands there. @param rows without faults of their own */
export function referencesOfRows(rows: readonly TableRow[]): string[] {
  return [...new Set(rows.flatMap(({ text }) => referencesOf(text)))];
}

/**
 * Puts ids in the place of names, in any case. Of several tables of one name that one is meant which the table asks already.
 * @param known those that whoever writes it sees
 * @param before ids that it asks so far
 */
export function resolveRows(
  rows: readonly TableRow[],
  known: readonly KnownTable[],
  before: readonly string[],
): { rows: TableRow[]; nested: string[]; faults: InputFault[] } {
  const byId = new Map(known.map((table) => [table.id, table.id]));
  const byName = new Map<string, string[]>();
  for (const { id, name } of known) {
    const key = name.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), id]);
  }
  const faults: InputFault[] = [];
  const nested = new Set<string>();
  const resolved = rows.map((row, index) => ({
    ...row,
    text: mapReferences(row.text, (reference, at) => {
      const named = byName.get(reference.toLowerCase()) ?? [];
      const id =
        byId.get(reference.toLowerCase()) ??
        (named.length === 1 ? named[0] : named.find((each) => before.includes(each)));
      if (id !== undefined) nested.add(id);
      else
        faults.push({
          pointer: `/rows/${index}/text`,
          code: named.length === 0 ? 'unknown-table' : 'ambiguous-table',
          detail:
            named.length === 0
              ? `There is no table of this name (at character ${at + 1})`
              : `There are several tables of this name; write the id of the one that is meant (at character ${at + 1})`,
        });
      return id ?? reference;
    }),
  }));
  return { rows: resolved, nested: [...nested], faults };
}
