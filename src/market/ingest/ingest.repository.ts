import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { float8Array, int4Array, timestamptzArray } from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { BatchColumns } from './arrange-batch.js';

// One statement stores a batch of one server: it drops what repeats the newest point, inserts the raw rows, moves `latest`
// forward, marks the days for the rollups and bumps the server's version. The lane lock is taken by a statement before it,
// since READ COMMITTED takes its snapshot when a statement starts: what the lane's former holder wrote is then visible, and
// nobody else writes meanwhile.
//
// A point repeats another when its price is equal and it was captured less than 15 minutes after it. Points that come late
// (older than `latest`) are kept and leave `latest` alone.
//
// Alone in its lane, the statement needs no ON CONFLICT, which costs a third of the whole: a point newer than `latest` is in
// no raw row yet, and only the others are looked up in the raw table. The primary key still refuses what should not be.
// Three forms below exist for the planner, which takes 1,000 rows of arrays for reason enough to read all of a server's
// `latest`: OFFSET 0 and LIMIT keep it at one lookup per row, and a scalar subquery is never turned into a hash of the table.

const INPUT = `
  input AS MATERIALIZED (
    SELECT * FROM unnest($2::int4[], $3::float8[], $4::timestamptz[], $5::int4[], $6::int4[], $7::int4[])
      WITH ORDINALITY AS t (item_id, price, captured_at, lots, source_id, turn, row)
  )`;

const REPEATS = (last: string): string => `coalesce(
  ${last}_price = i.price AND i.captured_at >= ${last}_at AND i.captured_at < ${last}_at + interval '15 minutes', false)`;

const STORED_LATEST = `
  LEFT JOIN LATERAL (
    SELECT l.ctid AS tid, l.price, l.captured_at FROM market.latest l
    WHERE l.server_id = $1 AND l.item_id = i.item_id OFFSET 0
  ) l ON true`;

/** Every item once: each point is compared with the stored one. */
const JUDGED_SINGLE = `
  judged AS (
    SELECT i.*, ${REPEATS('last')} AS is_repeat
    FROM (SELECT i.*, l.price AS last_price, l.captured_at AS last_at, l.captured_at AS stored_at, l.tid
          FROM input i ${STORED_LATEST}) i
  )`;

/** The very observation is stored already; only asked where that could change what the next point is compared with. */
const IS_STORED = `((i.captured_at = i.stored_at) IS TRUE AND EXISTS (
  SELECT FROM market.observation o WHERE o.server_id = $1 AND o.item_id = i.item_id
    AND o.captured_at = i.captured_at AND o.source_id = i.source_id))`;

/**
 * Items with several points: turn by turn, each against the last one kept. `sources` are those of the points kept at the
 * same instant: a second point of one of them is the same observation once more.
 */
const JUDGED_IN_TURN = `
  judged AS (
    SELECT i.*, CASE WHEN is_repeat THEN before ELSE before || source_id END AS sources
    FROM (SELECT i.*, ${REPEATS('last')} OR ${IS_STORED} AS is_repeat
          FROM (SELECT i.*, l.price AS last_price, l.captured_at AS last_at, l.captured_at AS stored_at, l.tid,
                  '{}'::int4[] AS before
                FROM input i ${STORED_LATEST} WHERE i.turn = 1) i) i
    UNION ALL
    SELECT i.*, CASE WHEN is_repeat THEN before ELSE before || source_id END
    FROM (SELECT i.*, ${REPEATS('last')} OR ${IS_STORED} OR source_id = ANY (before) AS is_repeat
          FROM (SELECT i.*,
                  CASE WHEN moves THEN j.price ELSE j.last_price END AS last_price,
                  CASE WHEN moves THEN j.captured_at ELSE j.last_at END AS last_at,
                  j.stored_at, j.tid,
                  CASE WHEN i.captured_at = j.captured_at THEN j.sources ELSE '{}' END AS before
                FROM judged j
                CROSS JOIN LATERAL (SELECT NOT j.is_repeat AND (j.last_at IS NULL OR j.captured_at >= j.last_at) AS moves) m
                JOIN input i ON i.item_id = j.item_id AND i.turn = j.turn + 1) i) i
  )`;

/** @param newest query of the newest point of each item among `kept` @param days the (item_id, day) among `kept`, each once */
const STORE = (newest: string, days: string): string => `
  kept AS MATERIALIZED (
    SELECT nextval('market.observation_id_seq') AS id, j.* FROM judged j
    WHERE NOT is_repeat AND (stored_at IS NULL OR captured_at > stored_at OR (
      SELECT o.id FROM market.observation o
      WHERE o.server_id = $1 AND o.item_id = j.item_id AND o.captured_at = j.captured_at AND o.source_id = j.source_id
      LIMIT 1) IS NULL)
  ),
  raw AS (
    INSERT INTO market.observation (id, captured_at, price, item_id, source_id, lots, server_id)
    SELECT id, captured_at, price, item_id, source_id, lots, $1 FROM kept
  ),
  newest AS (${newest}),
  moved AS (
    UPDATE market.latest l
    SET price = n.price, captured_at = n.captured_at, lots = n.lots, source_id = n.source_id, observation_id = n.id
    FROM (SELECT * FROM newest WHERE captured_at >= stored_at LIMIT (SELECT count(*) FROM input)) n
    WHERE l.ctid = n.tid
  ),
  begun AS (
    INSERT INTO market.latest AS l (server_id, item_id, price, captured_at, lots, source_id, observation_id)
    SELECT $1, item_id, price, captured_at, lots, source_id, id FROM newest WHERE stored_at IS NULL
    ON CONFLICT (server_id, item_id) DO UPDATE
      SET price = excluded.price, captured_at = excluded.captured_at, lots = excluded.lots,
          source_id = excluded.source_id, observation_id = excluded.observation_id
      WHERE l.captured_at <= excluded.captured_at
  ),
  marked AS (
    INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
    SELECT $1, array_agg(item_id), array_agg(day), count(*) FROM (${days}) d HAVING count(*) > 0
  ),
  bumped AS (
    INSERT INTO market.server_version AS v (server_id) SELECT $1 WHERE EXISTS (SELECT FROM kept)
    ON CONFLICT (server_id) DO UPDATE SET version = v.version + 1
  )
  SELECT row, id FROM kept`;

const DAYS = "SELECT item_id, (captured_at AT TIME ZONE 'UTC')::date AS day FROM kept";
const DAYS_OF_REPEATS = DAYS.replace('SELECT', 'SELECT DISTINCT');
const NEWEST_OF_REPEATS =
  'SELECT DISTINCT ON (item_id) * FROM kept ORDER BY item_id, captured_at DESC, turn DESC';

const STORE_SINGLE = {
  name: 'market.ingest.store-single',
  text: `WITH ${INPUT}, ${JUDGED_SINGLE}, ${STORE('SELECT * FROM kept', DAYS)}`,
};
const STORE_IN_TURN = {
  name: 'market.ingest.store-in-turn',
  text: `WITH RECURSIVE ${INPUT}, ${JUDGED_IN_TURN}, ${STORE(NEWEST_OF_REPEATS, DAYS_OF_REPEATS)}`,
};

export interface StoredRow {
  /** 1-based row of the batch's columns. */
  row: number;
  id: number;
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

  /** @returns the rows that were stored; what is missing repeats a stored point */
  storeBatch(tx: Tx, serverId: number, batch: BatchColumns): Promise<StoredRow[]> {
    return tx.query<StoredRow>({
      ...(batch.hasRepeats ? STORE_IN_TURN : STORE_SINGLE),
      values: [
        serverId,
        int4Array(batch.itemIds),
        float8Array(batch.prices),
        timestamptzArray(batch.capturedAtMs),
        int4Array(batch.lots),
        int4Array(batch.sourceIds),
        int4Array(batch.turns),
      ],
    });
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
