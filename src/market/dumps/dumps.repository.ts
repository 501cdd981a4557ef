import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { DumpEntity } from './dump.entity.js';
import type { DumpRow } from './market-dump.js';

export type StoredDumpRow = DumpEntity;

/** A day that has no dump, or one without its newest changes. */
export interface DueDay {
  gameId: number;
  /** ISO date. */
  day: string;
  changeCount: number;
}

export interface DumpTotalsRow extends StoredDumpRow {
  game: string;
}

const COLUMNS = `d.game_id AS "gameId", d.day::text, d.revision, d.file_id AS "fileId", d.sha256,
  d.size_bytes::float8 AS "sizeBytes", d.row_count AS "rowCount", d.change_count::float8 AS "changeCount", d.made_at AS "madeAt"`;

@Injectable()
export class DumpsRepository {
  /**
   * The oldest day that is due: over, not too old to be kept, changed since its dump, and with all of its raw rows. For the system role.
   * @param today ISO date @param firstDay ISO date, null where all are kept @param after the day gone on from
   */
  async findDueDay(
    tx: Tx,
    today: string,
    firstDay: string | null,
    after: DueDay | undefined,
  ): Promise<DueDay | undefined> {
    const [row] = await tx.query<DueDay>({
      name: 'market.dumps.find-due-day',
      text: `SELECT c.game_id AS "gameId", c.day::text, c.count::float8 AS "changeCount"
             FROM (SELECT s.game_id, c.day, sum(c.change_count) AS count
                   FROM market.day_change c JOIN market.server s ON s.id = c.server_id
                   WHERE c.day < $1::date AND ($4::date IS NULL OR c.day >= $4) GROUP BY 1, 2) c
             LEFT JOIN market.dump d ON d.game_id = c.game_id AND d.day = c.day
             WHERE d.change_count IS DISTINCT FROM c.count
               AND ($2::int IS NULL OR (c.game_id, c.day) > ($2::int, $3::date))
               AND NOT EXISTS (SELECT FROM market.detached_month m WHERE m.month = date_trunc('month', c.day)::date)
             ORDER BY c.game_id, c.day LIMIT 1`,
      values: [today, after?.gameId ?? null, after?.day ?? null, firstDay],
    });
    return row;
  }

  /** Items of a server that have prices, by id. */
  async listItemIds(tx: Tx, serverId: number, afterId: number, limit: number): Promise<number[]> {
    const rows = await tx.query<{ itemId: number }>({
      name: 'market.dumps.list-item-ids',
      text: `SELECT item_id AS "itemId" FROM market.latest WHERE server_id = $1 AND item_id > $2 ORDER BY item_id LIMIT $3`,
      values: [serverId, afterId, limit],
    });
    return rows.map(({ itemId }) => itemId);
  }

  /** Raw rows of these items on a day, in the order of the file. */
  listRows(tx: Tx, serverId: number, itemIds: readonly number[], day: string): Promise<DumpRow[]> {
    return tx.query<DumpRow>({
      name: 'market.dumps.list-rows',
      text: `SELECT o.id::float8, i.id AS "itemId", i.external_id AS "externalId",
               to_char(o.captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "capturedAt",
               o.price, o.lots, s.name AS source
             FROM unnest($2::int4[]) AS t (id) JOIN market.item i ON i.id = t.id
             CROSS JOIN LATERAL (
               SELECT * FROM market.observation o
               WHERE o.server_id = $1 AND o.item_id = i.id AND o.captured_at >= $3::date::timestamp AT TIME ZONE 'UTC'
                 AND o.captured_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
               OFFSET 0) o
             JOIN market.source s ON s.id = o.source_id
             ORDER BY i.id, o.captured_at, o.price, o.id`,
      values: [serverId, itemIds, day],
    });
  }

  async findDump(tx: Tx, gameId: number, day: string): Promise<StoredDumpRow | undefined> {
    const [row] = await tx.query<StoredDumpRow>(this.dumpStatement(gameId, day));
    return row;
  }

  dumpStatement(gameId: number, day: string): Statement {
    return {
      name: 'market.dumps.find-dump',
      text: `SELECT ${COLUMNS} FROM market.dump d WHERE d.game_id = $1 AND d.day = $2`,
      values: [gameId, day],
    };
  }

  /** Newest days first. */
  pageStatement(gameId: number, before: string | null, limit: number): Statement {
    return {
      name: 'market.dumps.list-page',
      text: `SELECT ${COLUMNS} FROM market.dump d
             WHERE d.game_id = $1 AND ($2::date IS NULL OR d.day < $2) ORDER BY d.day DESC LIMIT $3`,
      values: [gameId, before, limit],
    };
  }

  /** Every dump there is. */
  totalsStatement(): Statement {
    return {
      name: 'market.dumps.list-totals',
      text: `SELECT ${COLUMNS}, g.key AS game FROM market.dump d JOIN market.game g ON g.id = d.game_id
             ORDER BY g.key, d.day`,
      values: [],
    };
  }

  /** Dumps of days before one. @returns their files, which go with the transaction */
  async deleteBefore(tx: Tx, firstDay: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ fileId: string }>({
      name: 'market.dumps.delete-before',
      text: `DELETE FROM market.dump WHERE (game_id, day) IN (
               SELECT game_id, day FROM market.dump WHERE day < $1::date ORDER BY game_id, day LIMIT $2 FOR UPDATE)
             RETURNING file_id AS "fileId"`,
      values: [firstDay, limit],
    });
    return rows.map(({ fileId }) => fileId);
  }

  /** The file is what it was. */
  async updateChangeCount(tx: Tx, dump: StoredDumpRow, changeCount: number): Promise<void> {
    await tx.query({
      name: 'market.dumps.update-change-count',
      text: 'UPDATE market.dump SET change_count = $4 WHERE game_id = $1 AND day = $2 AND revision = $3',
      values: [dump.gameId, dump.day, dump.revision, changeCount],
    });
  }

  /** @returns false when another run has written this revision down before */
  async upsertDump(tx: Tx, dump: Omit<StoredDumpRow, 'madeAt'>): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.dumps.upsert-dump',
      text: `INSERT INTO market.dump AS d (game_id, day, revision, file_id, sha256, size_bytes, row_count, change_count)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (game_id, day) DO UPDATE
               SET revision = excluded.revision, file_id = excluded.file_id, sha256 = excluded.sha256, made_at = now(),
                 size_bytes = excluded.size_bytes, row_count = excluded.row_count, change_count = excluded.change_count
               WHERE d.revision = excluded.revision - 1
             RETURNING d.day`,
      values: [
        dump.gameId,
        dump.day,
        dump.revision,
        dump.fileId,
        dump.sha256,
        dump.sizeBytes,
        dump.rowCount,
        dump.changeCount,
      ],
    });
    return rows.length > 0;
  }
}
