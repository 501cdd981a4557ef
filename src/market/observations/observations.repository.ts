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

/** A withheld row that a decision takes along. */
export interface GoneRow {
  /** PostgreSQL's text, with all of its microseconds. */
  capturedAt: string;
  sourceId: number;
  unitPrice: number;
  lots: number;
}

const SELECT_GONE = `SELECT g.captured_at::text AS "capturedAt", g.source_id AS "sourceId", g.price AS "unitPrice", g.lots
  FROM gone g ORDER BY g.captured_at, g.price, g.source_id, g.lots`;

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

  /** From now on nothing counts that the row's source says of its instant. @returns what was withheld of that and goes */
  insertDecided(tx: Tx, key: RowKey): Promise<GoneRow[]> {
    return tx.query<GoneRow>({
      name: 'market.observation.insert-decided',
      text: `WITH gone AS (DELETE FROM market.withheld_observation o WHERE ${KEY} RETURNING o.*),
             decided AS (
               INSERT INTO market.decided_observation (server_id, item_id, captured_at, source_id)
               VALUES ($1, $2, $3::timestamptz, $4) ON CONFLICT DO NOTHING
             )
             ${SELECT_GONE}`,
      values: keyValues(key),
    });
  }

  /**
   * The same for what repeats the row and is withheld therefore: points of its price in the 15 minutes from it on, as far as no other
   * point of the history comes between.
   * @returns what goes with them: all that their sources said of their instants
   */
  insertRepeatsDecided(tx: Tx, key: RowKey, price: number): Promise<GoneRow[]> {
    return tx.query<GoneRow>({
      name: 'market.observation.insert-repeats-decided',
      text: `WITH next AS (
               SELECT o.captured_at, o.price FROM market.observation o
               WHERE o.server_id = $1 AND o.item_id = $2 AND o.captured_at >= $3::timestamptz
                 AND (o.captured_at, o.price) > ($3::timestamptz, $5::float8)
                 AND NOT (o.captured_at = $3::timestamptz AND o.source_id = $4)
               ORDER BY o.captured_at, o.price LIMIT 1
             ), repeating AS (
               SELECT DISTINCT w.captured_at, w.source_id FROM market.withheld_observation w
               WHERE w.server_id = $1 AND w.item_id = $2 AND w.captured_at >= $3::timestamptz
                 AND w.captured_at < $3::timestamptz + interval '15 minutes' AND w.price = $5::float8
                 AND NOT EXISTS (SELECT FROM next n WHERE (n.captured_at, n.price) < (w.captured_at, w.price))
             ), gone AS (
               DELETE FROM market.withheld_observation w USING repeating r
               WHERE w.server_id = $1 AND w.item_id = $2 AND w.captured_at = r.captured_at AND w.source_id = r.source_id
               RETURNING w.*
             ), decided AS (
               INSERT INTO market.decided_observation (server_id, item_id, captured_at, source_id)
               SELECT $1, $2, captured_at, source_id FROM repeating ON CONFLICT DO NOTHING
             )
             ${SELECT_GONE}`,
      values: [...keyValues(key), price],
    });
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
