import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { float8Array, int4Array, timestamptzArray } from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { BatchColumns } from './arrange-batch.js';

// One statement stores a batch of one server: it drops what repeats the newest point, inserts the raw rows, moves `latest`
// forward and bumps the server's version. The lane lock is taken by a statement before it, since READ COMMITTED takes its
// snapshot when a statement starts: what the lane's former holder wrote is then visible.
//
// A point repeats another when its price is equal and it was captured less than 15 minutes after it. Points that come late
// (older than `latest`) are kept and leave `latest` alone.

const INPUT = `
  input AS MATERIALIZED (
    SELECT * FROM unnest($2::int4[], $3::float8[], $4::timestamptz[], $5::int4[], $6::int4[], $7::int4[])
      WITH ORDINALITY AS t (item_id, price, captured_at, lots, source_id, turn, row)
  )`;

const REPEATS = (last: string): string => `coalesce(
  ${last}_price = i.price AND i.captured_at >= ${last}_at AND i.captured_at < ${last}_at + interval '15 minutes', false)`;

/** Every item once: each point is compared with the stored one. */
const JUDGED_SINGLE = `
  judged AS (
    SELECT i.*, ${REPEATS('last')} AS is_repeat
    FROM (SELECT i.*, l.price AS last_price, l.captured_at AS last_at
          FROM input i LEFT JOIN market.latest l ON l.server_id = $1 AND l.item_id = i.item_id) i
  )`;

/** Items with several points: turn by turn, each against the last one kept. */
const JUDGED_IN_TURN = `
  judged AS (
    SELECT i.*, ${REPEATS('last')} AS is_repeat
    FROM (SELECT i.*, l.price AS last_price, l.captured_at AS last_at
          FROM input i LEFT JOIN market.latest l ON l.server_id = $1 AND l.item_id = i.item_id
          WHERE i.turn = 1) i
    UNION ALL
    SELECT i.*, ${REPEATS('last')}
    FROM (SELECT i.*,
            CASE WHEN moves THEN j.price ELSE j.last_price END AS last_price,
            CASE WHEN moves THEN j.captured_at ELSE j.last_at END AS last_at
          FROM judged j
          CROSS JOIN LATERAL (SELECT NOT j.is_repeat AND (j.last_at IS NULL OR j.captured_at >= j.last_at) AS moves) m
          JOIN input i ON i.item_id = j.item_id AND i.turn = j.turn + 1) i
  )`;

const STORE = `
  kept AS MATERIALIZED (
    SELECT nextval('market.observation_id_seq') AS id, j.* FROM judged j WHERE NOT is_repeat
  ),
  raw AS (
    INSERT INTO market.observation (id, captured_at, price, item_id, source_id, lots, server_id)
    SELECT id, captured_at, price, item_id, source_id, lots, $1 FROM kept
    ON CONFLICT DO NOTHING
    RETURNING id
  ),
  newest AS (
    SELECT DISTINCT ON (item_id) k.* FROM kept k JOIN raw USING (id) ORDER BY item_id, captured_at DESC, id DESC
  ),
  moved AS (
    INSERT INTO market.latest AS l (server_id, item_id, price, captured_at, lots, source_id, observation_id)
    SELECT $1, item_id, price, captured_at, lots, source_id, id FROM newest
    ON CONFLICT (server_id, item_id) DO UPDATE
      SET price = excluded.price, captured_at = excluded.captured_at, lots = excluded.lots,
          source_id = excluded.source_id, observation_id = excluded.observation_id
      WHERE l.captured_at <= excluded.captured_at
  ),
  bumped AS (
    INSERT INTO market.server_version AS v (server_id) SELECT $1 WHERE EXISTS (SELECT FROM raw)
    ON CONFLICT (server_id) DO UPDATE SET version = v.version + 1
  )
  SELECT k.row, k.id FROM kept k JOIN raw USING (id)`;

const STORE_SINGLE = {
  name: 'market.ingest.store-single',
  text: `WITH ${INPUT}, ${JUDGED_SINGLE}, ${STORE}`,
};
const STORE_IN_TURN = {
  name: 'market.ingest.store-in-turn',
  text: `WITH RECURSIVE ${INPUT}, ${JUDGED_IN_TURN}, ${STORE}`,
};

export interface StoredRow {
  /** 1-based row of the batch's columns. */
  row: number;
  id: number;
}

@Injectable()
export class IngestRepository {
  /** Makes this transaction the only one that writes prices of the server. */
  async lockLane(tx: Tx, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.ingest.lock-lane',
      text: 'SELECT pg_advisory_xact_lock($1, $2)',
      values: [ADVISORY_LOCK.marketServerLane, serverId],
    });
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
