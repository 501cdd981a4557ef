import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { StoreOutcome, SyncWindow } from '../../platform/sync/sync-source.js';
import { countSql, keysSql, type RawTable, removeSql, upsertSql } from './raw-tables.js';

/** A row as its table's columns have it, and the texts beside it. */
export interface StoredRow {
  readonly id: string;
  readonly [column: string]: unknown;
}

interface Sql {
  readonly upsert: string;
  readonly remove: string;
  readonly count: string;
  readonly keys: string;
}

/** Raw rows of all projects; written by the system role. */
@Injectable()
export class RawRowsRepository {
  private readonly sqlOf = new Map<string, Sql>();

  /** @param rows each id once */
  async upsertRows(
    tx: Tx,
    table: RawTable,
    projectId: string,
    rows: readonly StoredRow[],
    requestedAt: Date,
  ): Promise<StoreOutcome> {
    const [counts] = await tx.query<{ inserted: number; updated: number }>({
      name: `agents.raw-rows.upsert-${table.name}`,
      text: this.sql(table).upsert,
      values: [projectId, JSON.stringify(rows.map(withHash)), requestedAt],
    });
    const { inserted, updated } = counts!;
    return { inserted, updated, unchanged: rows.length - inserted - updated };
  }

  /** Months in which texts may then be kept. @param months `2025-12-01` */
  async ensurePayloadMonths(tx: Tx, months: readonly string[]): Promise<void> {
    await tx.query({
      name: 'agents.raw-rows.ensure-payload-months',
      text: 'SELECT agent_analytics.ensure_payload_months($1::date[])',
      values: [months],
    });
  }

  /** @param before first day of the first month that stays @returns how many months were dropped */
  async dropPayloadMonths(tx: Tx, before: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'agents.raw-rows.drop-payload-months',
      text: 'SELECT agent_analytics.drop_payload_months($1::date) AS count',
      values: [before],
    });
    return row!.count;
  }

  async countRows(tx: Tx, table: RawTable, projectId: string, { from, to }: SyncWindow): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: `agents.raw-rows.count-${table.name}`,
      text: this.sql(table).count,
      values: [projectId, from, to],
    });
    return row!.count;
  }

  async listKeys(
    tx: Tx,
    table: RawTable,
    projectId: string,
    { from, to }: SyncWindow,
    after: string | null,
    limit: number,
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>({
      name: `agents.raw-rows.list-keys-${table.name}`,
      text: this.sql(table).keys,
      values: [projectId, from, to, after, limit],
    });
    return rows.map(({ id }) => id);
  }

  /** @returns how many were marked as removed */
  async removeRows(tx: Tx, table: RawTable, projectId: string, ids: readonly string[]): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: `agents.raw-rows.remove-${table.name}`,
      text: this.sql(table).remove,
      values: [projectId, ids],
    });
    return row!.count;
  }

  private sql(table: RawTable): Sql {
    let sql = this.sqlOf.get(table.name);
    if (sql === undefined) {
      sql = {
        upsert: upsertSql(table),
        remove: removeSql(table),
        count: countSql(table),
        keys: keysSql(table),
      };
      this.sqlOf.set(table.name, sql);
    }
    return sql;
  }
}

/** 128 bits of the content, which tell two versions of a row apart. */
function withHash(row: StoredRow): StoredRow & { content_hash: string } {
  const digest = createHash('sha256').update(JSON.stringify(row)).digest('hex');
  return { ...row, content_hash: digest.slice(0, 32) };
}
