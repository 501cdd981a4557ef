import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import {
  dateArray,
  float8Array,
  int4Array,
  readFloat8Array,
  readInt4Array,
  readInt8Array,
  readTimestamptzArray,
  timestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { BatchColumns } from './arrange-batch.js';
import { type KeptPoints, type Neighbour, type NewestPoints, STEP } from './keep-points.js';

// A batch of one server is stored by two statements: the newest points of its items are read, and what keep-points.ts finds new goes
// in by one statement, which inserts the raw rows, moves `latest` forward, marks the days for the rollups and bumps the server's
// version. The lane lock is taken by a statement before both, since READ COMMITTED takes its snapshot when a statement starts: what
// the lane's former holder wrote is then visible, and nobody else writes meanwhile.
//
// Alone in its lane, the insert needs no ON CONFLICT, which costs a third of the whole: a point newer than `latest` is in no raw
// row yet, and only the others are looked up in the raw table. The primary key still refuses what should not be.

const LIST_NEWEST = `
  SELECT array_send(array_agg(item_id)) AS "itemIds", array_send(array_agg(price)) AS prices,
    array_send(array_agg(captured_at)) AS "capturedAt"
  FROM (SELECT item_id, price, captured_at FROM market.latest WHERE server_id = $1 AND item_id = ANY ($2::int4[])
        ORDER BY item_id) l`;

/**
 * Per row whether its very observation is stored, and the stored point right before it. Scalar subquery and OFFSET 0 keep it at two
 * lookups per row side by side in the primary key: neither is turned into a hash of the table.
 */
const LIST_NEIGHBOURS = `
  SELECT array_send(array_agg((i.id IS NOT NULL)::int4 ORDER BY i.row)) AS "areStored",
    array_send(array_agg(coalesce(b.price, 'NaN') ORDER BY i.row)) AS prices,
    array_send(array_agg(coalesce(b.captured_at, i.captured_at) ORDER BY i.row)) AS "capturedAt"
  FROM (SELECT i.*, (SELECT o.id FROM market.observation o
                     WHERE o.server_id = $1 AND o.item_id = i.item_id AND o.captured_at = i.captured_at
                       AND o.source_id = i.source_id LIMIT 1) AS id
        FROM unnest($2::int4[], $3::timestamptz[], $4::int4[], $5::float8[])
          WITH ORDINALITY AS i (item_id, captured_at, source_id, price, row)) i
  LEFT JOIN LATERAL (
    SELECT o.price, o.captured_at FROM market.observation o
    WHERE o.server_id = $1 AND o.item_id = i.item_id AND o.captured_at > i.captured_at - interval '15 minutes'
      AND o.captured_at <= i.captured_at AND (o.captured_at, o.price) <= (i.captured_at, i.price)
    ORDER BY o.captured_at DESC, o.price DESC LIMIT 1
  ) b ON true`;

const STORE_POINTS = `
  WITH kept AS MATERIALIZED (
    SELECT nextval('market.observation_id_seq') AS id, k.*
    FROM unnest($2::int4[], $3::float8[], $4::timestamptz[], $5::int4[], $6::int4[], $7::int4[])
      AS k (item_id, price, captured_at, lots, source_id, step)
  ),
  raw AS (
    INSERT INTO market.observation (id, captured_at, price, item_id, source_id, lots, server_id)
    SELECT id, captured_at, price, item_id, source_id, lots, $1 FROM kept
  ),
  moved AS (
    UPDATE market.latest l
    SET price = k.price, captured_at = k.captured_at, lots = k.lots, source_id = k.source_id, observation_id = k.id
    FROM kept k WHERE k.step = ${STEP.moves} AND l.server_id = $1 AND l.item_id = k.item_id
  ),
  begun AS (
    INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
    SELECT $1, item_id, price, captured_at, lots, source_id, id FROM kept WHERE step = ${STEP.begins}
  ),
  marked AS (
    INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
    VALUES ($1, $8::int4[], $9::date[], cardinality($8::int4[]))
  ),
  bumped AS (
    INSERT INTO market.server_version AS v (server_id) VALUES ($1)
    ON CONFLICT (server_id) DO UPDATE SET version = v.version + 1
  )
  SELECT array_send(array_agg(id)) AS ids FROM kept`;

const NO_POINTS: NewestPoints = {
  itemIds: new Int32Array(),
  prices: new Float64Array(),
  capturedAtMs: new Float64Array(),
};

@Injectable()
export class IngestRepository {
  /**
   * Makes this transaction the only one that writes prices of the server.
   * @returns the epoch of the game's catalogue when the lock was asked for (item-cache.ts)
   */
  async lockLane(tx: Tx, serverId: number): Promise<number> {
    const [row] = await tx.query<{ epoch: number }>({
      name: 'market.ingest.lock-lane',
      text: `SELECT g.catalog_epoch AS epoch, pg_advisory_xact_lock($1, $2)
             FROM market.server s JOIN market.game g ON g.id = s.game_id WHERE s.id = $2`,
      values: [ADVISORY_LOCK.marketServerLane, serverId],
    });
    return row!.epoch;
  }

  /** The newest points of items, ascending; those without prices are left out. */
  async listNewest(tx: Tx, serverId: number, itemIds: Int32Array): Promise<NewestPoints> {
    const [row] = await tx.query<{ itemIds: Buffer | null; prices: Buffer; capturedAt: Buffer }>({
      name: 'market.ingest.list-newest',
      text: LIST_NEWEST,
      values: [serverId, int4Array(itemIds)],
    });
    if (!row?.itemIds) return NO_POINTS;
    return {
      itemIds: readInt4Array(row.itemIds),
      prices: readFloat8Array(row.prices),
      capturedAtMs: readTimestamptzArray(row.capturedAt),
    };
  }

  /** What is stored around the rows, by row. */
  async listNeighbours(
    tx: Tx,
    serverId: number,
    columns: BatchColumns,
    rows: Int32Array,
  ): Promise<Map<number, Neighbour>> {
    const [found] = await tx.query<{ areStored: Buffer | null; prices: Buffer; capturedAt: Buffer }>({
      name: 'market.ingest.list-neighbours',
      text: LIST_NEIGHBOURS,
      values: [
        serverId,
        int4Array(rows.map((row) => columns.itemIds[row]!)),
        timestamptzArray(Float64Array.from(rows, (row) => columns.capturedAtMs[row]!)),
        int4Array(rows.map((row) => columns.sourceIds[row]!)),
        float8Array(Float64Array.from(rows, (row) => columns.prices[row]!)),
      ],
    });
    if (!found?.areStored) return new Map();
    const areStored = readInt4Array(found.areStored);
    const prices = readFloat8Array(found.prices);
    const capturedAtMs = readTimestamptzArray(found.capturedAt);
    return new Map(
      Array.from(rows, (row, k) => [
        row,
        { isStored: areStored[k] === 1, price: prices[k]!, capturedAtMs: capturedAtMs[k]! },
      ]),
    );
  }

  /** @param points one at least @returns ids of the raw rows, in order of the points */
  async storePoints(tx: Tx, serverId: number, points: KeptPoints): Promise<Float64Array> {
    const [row] = await tx.query<{ ids: Buffer | null }>({
      name: 'market.ingest.store-points',
      text: STORE_POINTS,
      values: [
        serverId,
        int4Array(points.itemIds),
        float8Array(points.prices),
        timestamptzArray(points.capturedAtMs),
        int4Array(points.lots),
        int4Array(points.sourceIds),
        int4Array(points.steps),
        int4Array(points.dayItemIds),
        dateArray(points.days),
      ],
    });
    return row?.ids ? readInt8Array(row.ids) : new Float64Array();
  }

  /** Makes the monthly partitions of a span. In a transaction of its own: it commits before rows need them. */
  async ensurePartitions(tx: Tx, firstMs: number, lastMs: number): Promise<void> {
    await tx.query({
      name: 'market.ingest.ensure-partitions',
      text: 'SELECT market.ensure_observation_partitions(to_timestamp($1), to_timestamp($2))',
      values: [firstMs / 1_000, lastMs / 1_000],
    });
  }
}
