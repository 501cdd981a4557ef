import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { InputFault } from '../../platform/http/input-fault.js';
import { invalidTable } from './tables.errors.js';
import { faultsOfTable, MOST_TABLE_DEPTH, type RandomTable } from './random-table.js';
import type { StoredTable } from './table-details.js';
import { faultOfNesting } from './table-nesting.js';
import { referencesOfRows, resolveRows } from './table-references.js';
import { TablesRepository } from './tables.repository.js';
import { faultOfVariables } from './variables.js';

export interface TableWish extends Omit<RandomTable, 'dice'> {
  readonly dice?: string | null | undefined;
  readonly variables?: object | undefined;
}

/** Judges tables before they are stored, and puts ids in the place of the names that they ask. */
@Injectable()
export class TableWriter {
  constructor(private readonly tables: TablesRepository) {}

  /**
   * @param tx in the scope of whoever writes it: what they do not see they cannot name
   * @param id of the table where it is there already
   * @param before what it was
   * @throws DomainError invalid table, with the place of each fault
   */
  async judge(
    tx: Tx,
    campaignId: string,
    id: string | null,
    wish: TableWish,
    before?: StoredTable,
  ): Promise<StoredTable> {
    const { details, faults } = await this.examine(tx, campaignId, id, wish, before);
    if (faults.length > 0) throw invalidTable(faults);
    return details;
  }

  /** The same, for whoever tells the faults otherwise. */
  async examine(
    tx: Tx,
    campaignId: string,
    id: string | null,
    wish: TableWish,
    before?: StoredTable,
  ): Promise<{ details: StoredTable; faults: InputFault[] }> {
    const table: RandomTable = { rows: wish.rows, isDeck: wish.isDeck, dice: wish.dice ?? undefined };
    const variables = wish.variables ?? {};
    const details: StoredTable = {
      rows: wish.rows,
      ...(table.dice === undefined ? {} : { dice: table.dice }),
      isDeck: wish.isDeck ?? false,
      variables: variables as StoredTable['variables'],
      nested: [],
    };
    const fault = faultOfVariables(variables);
    const faults = [
      ...(fault === null ? [] : [{ pointer: '/variables', code: 'invalid', detail: fault }]),
      ...faultsOfTable(table),
    ];
    if (faults.length > 0) return { details, faults };
    const references = referencesOfRows(wish.rows);
    if (references.length === 0) return { details, faults };
    const known = await this.tables.listNamed(tx, campaignId, references);
    const resolved = resolveRows(wish.rows, known, before?.nested ?? []);
    const ringFault =
      resolved.faults.length > 0 ? null : await this.nestingFault(tx, campaignId, id, resolved.nested);
    return {
      details: { ...details, rows: resolved.rows, nested: resolved.nested },
      faults: [...resolved.faults, ...(ringFault === null ? [] : [ringFault])],
    };
  }

  /**
   * As far as whoever writes it sees, and as things stand: two who write at the same time can close a ring, which a roll then refuses.
   */
  private async nestingFault(
    tx: Tx,
    campaignId: string,
    id: string | null,
    nested: readonly string[],
  ): Promise<InputFault | null> {
    const nesting = new Map(
      (await this.tables.listNesting(tx, campaignId)).map((row) => [row.id, row.nested ?? []]),
    );
    const start = id ?? 'new';
    nesting.set(start, [...nested]);
    // Whoever asks this table sits higher: their ways grow with it.
    const upper = [...nesting].filter(([, within]) => within.includes(start)).map(([table]) => table);
    for (const from of [start, ...upper]) {
      const fault = faultOfNesting(nesting, from, MOST_TABLE_DEPTH);
      if (fault === 'deep')
        return {
          pointer: '/rows',
          code: 'too-deep',
          detail: `Tables ask each other at most ${MOST_TABLE_DEPTH} deep`,
        };
      if (fault !== null)
        return {
          pointer: '/rows',
          code: 'ring',
          detail: 'The table would ask itself, through its own rows or another table',
        };
    }
    return null;
  }
}
