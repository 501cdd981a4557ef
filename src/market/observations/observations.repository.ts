import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ObservationRow } from '../prices/prices.repository.js';

/** A raw row's address: its key begins where it lies, so partition and index are found at once. */
export interface RowKey {
  serverId: number;
  itemId: number;
  /** PostgreSQL's text, with all of its microseconds. */
  capturedAt: string;
  /** Unix time in milliseconds. */
  capturedAtMs: number;
  sourceId: number;
}

/** A row before it is corrected. */
export interface FoundRow extends RowKey {
  price: number;
  lots: number;
}

const KEY = 'o.server_id = $1 AND o.item_id = $2 AND o.captured_at = $3::timestamptz AND o.source_id = $4';
const keyValues = ({ serverId, itemId, capturedAt, sourceId }: RowKey): unknown[] => [
  serverId,
  itemId,
  capturedAt,
  sourceId,
];

// Ids ascend as rows are stored, so a block range index over them is a few pages per month and finds the range of one id. Nothing
// else needs an index by id, which would cost every row that is stored.

@Injectable()
export class ObservationsRepository {
  /** Not one of an item that has been deleted, whose raw rows are still being taken away. */
  async findRow(tx: Tx, serverId: number, id: number): Promise<FoundRow | null> {
    const [row] = await tx.query<FoundRow>({
      name: 'market.observation.find-row',
      text: `SELECT server_id AS "serverId", item_id AS "itemId", captured_at::text AS "capturedAt",
               (extract(epoch FROM captured_at) * 1000)::float8 AS "capturedAtMs", source_id AS "sourceId", price, lots
             FROM market.observation o
             WHERE id = $1 AND server_id = $2 AND EXISTS (SELECT FROM market.item i WHERE i.id = o.item_id)`,
      values: [id, serverId],
    });
    return row ?? null;
  }

  /** On which server an observation was made, for clients that know its id only. */
  serverStatement(gameId: number, id: number): Statement {
    return {
      name: 'market.observation.get-server',
      text: `SELECT o.server_id AS "serverId" FROM market.observation o JOIN market.server s ON s.id = o.server_id
             WHERE o.id = $2 AND s.game_id = $1`,
      values: [gameId, id],
    };
  }

  /** Changes what is given. @returns the row as it is now */
  async updateObservation(
    tx: Tx,
    key: RowKey,
    change: { price?: number | undefined; lots?: number | undefined },
  ): Promise<ObservationRow> {
    const [row] = await tx.query<ObservationRow>({
      name: 'market.observation.update-observation',
      text: `UPDATE market.observation o SET price = coalesce($5::float8, o.price), lots = coalesce($6::int4, o.lots)
             FROM market.source s WHERE ${KEY} AND s.id = o.source_id
             RETURNING o.id::float8 AS id, o.captured_at AS "capturedAt", o.price, o.lots, s.name AS source,
               s.is_simulated AS "isSimulated"`,
      values: [...keyValues(key), change.price ?? null, change.lots ?? null],
    });
    return row!;
  }

  async deleteObservation(tx: Tx, key: RowKey): Promise<void> {
    await tx.query({
      name: 'market.observation.delete-observation',
      text: `DELETE FROM market.observation o WHERE ${KEY}`,
      values: keyValues(key),
    });
  }

  /** After a change of the row that `latest` shows: takes the newest raw row there is now, or nothing. */
  async deriveLatest(tx: Tx, serverId: number, itemId: number): Promise<void> {
    await tx.query({
      name: 'market.observation.derive-latest',
      text: `WITH newest AS (
               SELECT o.price, o.captured_at, o.lots, o.source_id, o.id FROM market.observation o
               WHERE o.server_id = $1 AND o.item_id = $2 ORDER BY o.captured_at DESC, o.price DESC LIMIT 1
             ), moved AS (
               UPDATE market.latest l
               SET price = n.price, captured_at = n.captured_at, lots = n.lots, source_id = n.source_id, observation_id = n.id
               FROM newest n WHERE l.server_id = $1 AND l.item_id = $2
             )
             DELETE FROM market.latest l WHERE l.server_id = $1 AND l.item_id = $2 AND NOT EXISTS (SELECT FROM newest)`,
      values: [serverId, itemId],
    });
  }

  async isLatest(tx: Tx, serverId: number, itemId: number, id: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.observation.is-latest',
      text: 'SELECT 1 FROM market.latest WHERE server_id = $1 AND item_id = $2 AND observation_id = $3',
      values: [serverId, itemId, id],
    });
    return rows.length === 1;
  }

  async bumpVersion(tx: Tx, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.observation.bump-version',
      text: `INSERT INTO market.server_version AS v (server_id) VALUES ($1)
             ON CONFLICT (server_id) DO UPDATE SET version = v.version + 1`,
      values: [serverId],
    });
  }
}
