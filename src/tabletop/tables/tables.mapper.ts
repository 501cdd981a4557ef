import type { Seat } from '../campaigns/campaign-access.service.js';
import { toCampaignObjectDto } from '../objects/objects.mapper.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { type Fraction, ratioOf } from './fraction.js';
import { readStoredTable, shownRows } from './table-details.js';
import type { TableRoll } from './table-roll.js';
import type { ChanceDto, RandomTableDto, RandomTableSummaryDto, TableResultDto } from './tables.dto.js';

/** @param names by id, of the tables that the reader sees */
export function toRandomTableDto(
  row: ObjectRow,
  reader: Seat,
  names: ReadonlyMap<string, string>,
): RandomTableDto {
  const table = readStoredTable(row.details);
  return {
    ...toCampaignObjectDto(row, reader),
    rows: shownRows(table.rows, names).map(({ text, weight, low, high, when }) => ({
      text,
      ...(weight === undefined ? {} : { weight }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      ...(when === undefined ? {} : { when }),
    })),
    dice: table.dice ?? null,
    isDeck: table.isDeck,
    variables: { ...table.variables },
  };
}

export function toRandomTableSummaryDto(row: ObjectRow, reader: Seat): RandomTableSummaryDto {
  const { rows, dice, isDeck } = readStoredTable(row.details);
  return { ...toCampaignObjectDto(row, reader), rowCount: rows.length, dice: dice ?? null, isDeck };
}

/** Rows of tables that the reader does not see are left out. */
export function toTableResultDto(
  { text, rows }: TableRoll,
  names: ReadonlyMap<string, string>,
): TableResultDto {
  return {
    text,
    rows: rows.flatMap(({ table, row, depth, thrown }) => {
      const tableName = names.get(table);
      if (tableName === undefined) return [];
      return [
        {
          tableId: table,
          tableName,
          row,
          depth,
          thrown: thrown.map(({ dice, faces, total }) => ({ dice, faces: [...faces], total })),
        },
      ];
    }),
  };
}

export function toChanceDto(chance: Fraction): ChanceDto {
  return { parts: String(chance.parts), whole: String(chance.whole), ratio: ratioOf(chance) };
}
