import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

export interface StoredObservationRow {
  id: number;
  itemId: number;
  server: string;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  seenAtUtc: string;
  price: number;
  lots: number;
  source: string;
}

/** What a client says by hand of an item at a moment. */
export interface HandClaim {
  serverId: number;
  gameId: number;
  label: string;
  capturedAtMs: number;
  source: string;
}

/** An instant of a source that counts again. */
export interface ForgoneDecision {
  serverId: number;
  itemId: number;
  /** PostgreSQL's text, with all of its microseconds. */
  capturedAt: string;
  sourceId: number;
}

const claimValues = ({ serverId, gameId, label, capturedAtMs, source }: HandClaim): unknown[] => [
  serverId,
  gameId,
  label,
  Math.round(capturedAtMs * 1_000),
  source,
];

const CLAIM = `
  claim AS (
    SELECT i.id AS item_id, c.id AS source_id, to_timestamp(0) + $4 * interval '1 microsecond' AS at
    FROM market.item i LEFT JOIN market.source c ON c.name = $5 AND c.version = '' AND NOT c.is_simulated
    WHERE i.game_id = $2 AND i.label = $3
  ),
  own AS (
    SELECT o.* FROM claim x JOIN market.observation o
      ON o.server_id = $1 AND o.item_id = x.item_id AND o.captured_at = x.at AND o.source_id = x.source_id
  )`;

const ROW_OF = (rows: string): string => `
  SELECT o.id, o.item_id AS "itemId", s.name AS server, c.name AS source, o.price, o.lots,
    to_char(o.captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS "seenAtUtc"
  FROM (${rows}) o JOIN market.source c ON c.id = o.source_id JOIN market.server s ON s.id = $1`;

/** Whatever is written here is written in the lane of the server, as everything that prices depend on. */
@Injectable()
export class CompatObservationsRepository {
  /** The row of that very moment. */
  async findOwn(tx: Tx, claim: HandClaim): Promise<StoredObservationRow | undefined> {
    const [row] = await tx.query<StoredObservationRow>({
      name: 'market.compat.find-own-observation',
      text: `WITH ${CLAIM} ${ROW_OF('SELECT * FROM own')}`,
      values: claimValues(claim),
    });
    return row;
  }

  /**
   * What was said or decided of a moment at which no row stands does not count against what is said by hand now.
   * @returns what a curator had decided
   */
  deleteForgone(tx: Tx, claim: HandClaim): Promise<ForgoneDecision[]> {
    return tx.query<ForgoneDecision>({
      name: 'market.compat.delete-forgone-observation',
      text: `WITH ${CLAIM}, gone AS (
               DELETE FROM market.withheld_observation w USING claim x
               WHERE w.server_id = $1 AND w.item_id = x.item_id AND w.captured_at = x.at AND w.source_id = x.source_id
             )
             DELETE FROM market.decided_observation d USING claim x
             WHERE d.server_id = $1 AND d.item_id = x.item_id AND d.captured_at = x.at AND d.source_id = x.source_id
             RETURNING d.server_id AS "serverId", d.item_id AS "itemId", d.captured_at::text AS "capturedAt",
               d.source_id AS "sourceId"`,
      values: claimValues(claim),
    });
  }

  /** The row that says what was sent: the one of that moment, else the one before it, which it repeats. After the batch, in its lane. */
  async getStored(tx: Tx, claim: HandClaim, price: number): Promise<StoredObservationRow> {
    const [row] = await tx.query<StoredObservationRow>({
      name: 'market.compat.get-stored-observation',
      text: `WITH ${CLAIM}, before AS (
               SELECT o.* FROM claim x CROSS JOIN LATERAL (
                 SELECT * FROM market.observation o
                 WHERE o.server_id = $1 AND o.item_id = x.item_id AND o.captured_at <= x.at
                   AND (o.captured_at, o.price) <= (x.at, $6::float8)
                 ORDER BY o.captured_at DESC, o.price DESC LIMIT 1) o
             )
             ${ROW_OF('SELECT * FROM own UNION ALL SELECT * FROM before WHERE NOT EXISTS (SELECT FROM own)')}`,
      values: [...claimValues(claim), price],
    });
    return row!;
  }
}
