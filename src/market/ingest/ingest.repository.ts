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
import { type HistoryChanges, STEP } from './history-changes.js';
import type { Before } from './judge-points.js';

// A batch of one server is stored by two statements: the newest points of its items are read, and what is new goes in by one
// statement, which inserts the raw rows, moves `latest` forward, marks the days for the rollups and bumps the server's version. Points
// that are withheld or came late take those of price-history.repository.ts besides. The lane lock is taken by a statement before all,
// since READ COMMITTED takes its snapshot when a statement starts: what the lane's former holder wrote is then visible, and nobody
// else writes meanwhile.
//
// Alone in its lane, the insert needs no ON CONFLICT, which costs a third of the whole: a point newer than all that is stored is in no
// raw row yet, and around the others all rows have been looked at. The primary key still refuses what should not be.

const LIST_NEWEST = `
  SELECT array_send(array_agg(item_id)) AS "itemIds", array_send(array_agg(price)) AS prices,
    array_send(array_agg(captured_at)) AS "capturedAt", array_send(array_agg(stored_until)) AS "storedUntil"
  FROM (SELECT item_id, price, captured_at, greatest(captured_at, withheld_until) AS stored_until FROM market.latest
        WHERE server_id = $1 AND item_id = ANY ($2::int4[]) ORDER BY item_id) l`;

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

/** The newest point of an item in the history. */
export interface NewestPoint extends Before {
  /** Instant of the newest point of the item that is stored, be it withheld. */
  storedUntilMs: number;
}

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

  /** The newest points of items; those without prices are left out. */
  async listNewest(tx: Tx, serverId: number, itemIds: Int32Array): Promise<Map<number, NewestPoint>> {
    const [row] = await tx.query<{
      itemIds: Buffer | null;
      prices: Buffer;
      capturedAt: Buffer;
      storedUntil: Buffer;
    }>({
      name: 'market.ingest.list-newest',
      text: LIST_NEWEST,
      values: [serverId, int4Array(itemIds)],
    });
    const newest = new Map<number, NewestPoint>();
    if (!row?.itemIds) return newest;
    const prices = readFloat8Array(row.prices);
    const capturedAtMs = readTimestamptzArray(row.capturedAt);
    const storedUntilMs = readTimestamptzArray(row.storedUntil);
    readInt4Array(row.itemIds).forEach((itemId, k) =>
      newest.set(itemId, {
        price: prices[k]!,
        capturedAtMs: capturedAtMs[k]!,
        storedUntilMs: storedUntilMs[k]!,
      }),
    );
    return newest;
  }

  /** @returns ids of the raw rows, in order of the added points */
  async storePoints(
    tx: Tx,
    serverId: number,
    { added, steps, dayItemIds, days }: HistoryChanges,
  ): Promise<Float64Array> {
    const [row] = await tx.query<{ ids: Buffer | null }>({
      name: 'market.ingest.store-points',
      text: STORE_POINTS,
      values: [
        serverId,
        int4Array(Int32Array.from(added, ({ itemId }) => itemId)),
        float8Array(Float64Array.from(added, ({ price }) => price)),
        timestamptzArray(Float64Array.from(added, ({ capturedAtMs }) => capturedAtMs)),
        int4Array(Int32Array.from(added, ({ lots }) => lots)),
        int4Array(Int32Array.from(added, ({ source }) => source.id)),
        int4Array(Int32Array.from(steps)),
        int4Array(Int32Array.from(dayItemIds)),
        dateArray(Int32Array.from(days)),
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
