import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import { isUuid } from '../database/uuid.js';

/** A table whose rows belong to users one by one. Names come from code, never from a request. */
export interface OwnedTable {
  /** With its schema. */
  readonly name: string;
  /** What an export shows; hashes and sealed values stay out. */
  readonly columns: readonly string[];
  /** The column that names the user. */
  readonly owner?: string;
}

const PORTION = 200;

/** Rows of one user in any table, for exports and erasures. For the system role. */
@Injectable()
export class OwnedRowsRepository {
  /** The rows as JSON texts, column by column as they are stored; portion by portion, so that their number does not matter. */
  async *exportRows(tx: Tx, table: OwnedTable, userId: string): AsyncGenerator<string[]> {
    if (!isUuid(userId)) throw new Error('A user is named by a UUID');
    const owner = table.owner ?? 'user_id';
    // A cursor is declared by text without parameters.
    await tx.query(
      `DECLARE owned_rows NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS row
       FROM (SELECT ${table.columns.join(', ')} FROM ${table.name} WHERE ${owner} = '${userId}') t`,
    );
    try {
      for (;;) {
        const rows = await tx.query<{ row: string }>(`FETCH ${PORTION} FROM owned_rows`);
        if (rows.length > 0) yield rows.map(({ row }) => row);
        if (rows.length < PORTION) return;
      }
    } finally {
      await tx.query('CLOSE owned_rows').catch(() => undefined); // a failed transaction has closed it already
    }
  }

  async deleteRows(tx: Tx, table: OwnedTable, userId: string): Promise<void> {
    await tx.query({
      name: `platform.owned-rows.delete-${table.name}`,
      text: `DELETE FROM ${table.name} WHERE ${table.owner ?? 'user_id'} = $1`,
      values: [userId],
    });
  }

  /** Takes a user's name off rows that are nobody's own and stay. @param table its `owner` names the column */
  async clearNames(tx: Tx, table: { name: string; owner: string }, userId: string): Promise<void> {
    await tx.query({
      name: `platform.owned-rows.clear-${table.name}`,
      text: `UPDATE ${table.name} SET ${table.owner} = NULL WHERE ${table.owner} = $1`,
      values: [userId],
    });
  }

  /** Handlers that the comments of tables name. */
  async listHandlerNames(tx: Tx): Promise<string[]> {
    const rows = await tx.query<{ name: string }>({
      name: 'platform.owned-rows.list-handler-names',
      text: `SELECT DISTINCT substring(obj_description(c.oid, 'pg_class') FROM 'erase=([a-z-]+)$') AS name
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND obj_description(c.oid, 'pg_class') LIKE 'owner=user; erase=%' ORDER BY 1`,
      values: [],
    });
    return rows.map(({ name }) => name);
  }
}
