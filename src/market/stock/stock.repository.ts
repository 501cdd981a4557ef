import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { utcText } from '../profiles/profiles.repository.js';

/** Where a stock lies. */
export interface StockPlace {
  userId: string;
  serverId: number;
  /** Null: under none of the account's profiles. */
  profileId: string | null;
}

export interface StockRow {
  id: number;
  profileId: string | null;
  externalId: number;
  quantity: number;
  capturedAtUtc: string;
  /** Null, like all below, for an id that the catalogue does not know. */
  itemId: number | null;
  label: string | null;
  iconId: string | null;
  level: number | null;
  categoryId: number | null;
  /** Newest price of one unit on the server; null where it has not been seen. */
  price: number | null;
}

/** How a stock was changed. Counts are of things that the catalogue knows. */
export interface StockChange {
  insertedCount: number;
  /** Of another quantity now. */
  updatedCount: number;
  deletedCount: number;
  /** Ids without an item, ascending: kept, and named once the catalogue knows them. */
  unknownIds: number[];
}

export interface StockTotals {
  /** Different things. */
  count: number;
  quantity: number;
  unknownCount: number;
  /** Things with a price, and what they come to. */
  pricedCount: number;
  value: number;
}

const PLACE = 's.user_id = $1 AND s.server_id = $2 AND s.profile_id IS NOT DISTINCT FROM $3';
// What a thing is called now is looked up by the game's id: the catalogue may have learned it since.
const ROWS = `
  FROM market.stock s
  JOIN market.server v ON v.id = s.server_id
  LEFT JOIN market.item i ON i.game_id = v.game_id AND i.external_id = s.external_id
  LEFT JOIN market.latest l ON l.server_id = s.server_id AND l.item_id = i.id`;
const COLUMNS = `
  s.id, s.profile_id AS "profileId", s.external_id AS "externalId", s.quantity, ${utcText('s.captured_at')} AS "capturedAtUtc",
  i.id AS "itemId", i.label, i.icon_id AS "iconId", i.level, i.category_id AS "categoryId", l.price`;

@Injectable()
export class StockRepository {
  /** One write of a place at a time, and none while a server is emptied as a whole ({@link lockServer}). */
  async lockPlace(tx: Tx, { userId, serverId, profileId }: StockPlace): Promise<void> {
    await tx.query({
      name: 'market.stock.lock-place',
      text: 'SELECT pg_advisory_xact_lock_shared($1, hashtext($2)), pg_advisory_xact_lock($3, hashtext($4))',
      values: [
        ADVISORY_LOCK.marketStocks,
        `${userId} ${serverId}`,
        ADVISORY_LOCK.marketStock,
        `${userId} ${serverId} ${profileId}`,
      ],
    });
  }

  async lockServer(tx: Tx, userId: string, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.stock.lock-server',
      text: 'SELECT pg_advisory_xact_lock($1, hashtext($2))',
      values: [ADVISORY_LOCK.marketStocks, `${userId} ${serverId}`],
    });
  }

  /** Of the given ids, what lies there. */
  async listHeld(tx: Tx, place: StockPlace, externalIds: readonly number[]): Promise<Map<number, number>> {
    const rows = await tx.query<{ externalId: number; quantity: number }>({
      name: 'market.stock.list-held',
      text: `SELECT s.external_id AS "externalId", s.quantity FROM market.stock s
             WHERE ${PLACE} AND s.external_id = ANY ($4::int[])`,
      values: [place.userId, place.serverId, place.profileId, externalIds],
    });
    return new Map(rows.map(({ externalId, quantity }) => [externalId, quantity]));
  }

  /**
   * Writes quantities, and deletes those of zero.
   * @param isWhole whether what is not given is deleted too
   */
  async writeStock(
    tx: Tx,
    place: StockPlace,
    quantities: ReadonlyMap<number, number>,
    capturedAtMs: number,
    isWhole: boolean,
  ): Promise<StockChange> {
    const [row] = await tx.query<StockChange>({
      name: 'market.stock.write',
      text: `WITH given AS MATERIALIZED (
               SELECT g.external_id, g.quantity, i.id AS item_id
               FROM unnest($4::int[], $5::bigint[]) AS g(external_id, quantity)
               LEFT JOIN market.item i ON i.external_id = g.external_id
                 AND i.game_id = (SELECT game_id FROM market.server WHERE id = $2)
             ), held AS MATERIALIZED (
               SELECT s.external_id, s.quantity FROM market.stock s WHERE ${PLACE}
             ), deleted AS (
               DELETE FROM market.stock s
               WHERE ${PLACE} AND CASE WHEN $7 THEN s.external_id NOT IN (SELECT external_id FROM given WHERE quantity > 0)
                                       ELSE s.external_id IN (SELECT external_id FROM given WHERE quantity = 0) END
               RETURNING s.item_id
             ), written AS (
               INSERT INTO market.stock (user_id, server_id, profile_id, external_id, item_id, quantity, captured_at)
               SELECT $1, $2, $3, external_id, item_id, quantity, to_timestamp($6) FROM given
               WHERE quantity > 0 ORDER BY external_id
               ON CONFLICT ON CONSTRAINT uq_stock_place DO UPDATE
               SET quantity = excluded.quantity, item_id = excluded.item_id, captured_at = excluded.captured_at
             )
             SELECT
               (SELECT count(*) FROM given LEFT JOIN held USING (external_id)
                WHERE item_id IS NOT NULL AND given.quantity > 0 AND held.quantity IS NULL) AS "insertedCount",
               (SELECT count(*) FROM given JOIN held USING (external_id)
                WHERE item_id IS NOT NULL AND given.quantity > 0 AND held.quantity <> given.quantity) AS "updatedCount",
               (SELECT count(*) FROM deleted WHERE item_id IS NOT NULL) AS "deletedCount",
               coalesce((SELECT json_agg(external_id ORDER BY external_id) FROM given
                         WHERE item_id IS NULL AND quantity > 0), '[]') AS "unknownIds"`,
      values: [
        place.userId,
        place.serverId,
        place.profileId,
        [...quantities.keys()],
        [...quantities.values()],
        capturedAtMs / 1_000,
        isWhole,
      ],
    });
    return row!;
  }

  /** All places of the account on a server. @returns how many things were there */
  async deleteServer(tx: Tx, userId: string, serverId: number): Promise<number> {
    const rows = await tx.query({
      name: 'market.stock.delete-server',
      text: 'DELETE FROM market.stock WHERE user_id = $1 AND server_id = $2 RETURNING 1',
      values: [userId, serverId],
    });
    return rows.length;
  }

  /** @returns how many things were there */
  async deletePlace(tx: Tx, place: StockPlace): Promise<number> {
    const rows = await tx.query({
      name: 'market.stock.delete-place',
      text: `DELETE FROM market.stock s WHERE ${PLACE} RETURNING 1`,
      values: [place.userId, place.serverId, place.profileId],
    });
    return rows.length;
  }

  /** By the game's id. */
  pageStatement(place: StockPlace, after: number, limit: number): Statement {
    return {
      name: 'market.stock.list-page',
      text: `SELECT ${COLUMNS} ${ROWS} WHERE ${PLACE} AND s.external_id > $4 ORDER BY s.external_id LIMIT $5`,
      values: [place.userId, place.serverId, place.profileId, after, limit],
    };
  }

  totalsStatement(place: StockPlace): Statement {
    return {
      name: 'market.stock.get-totals',
      text: `SELECT count(*) AS count, coalesce(sum(s.quantity), 0)::float8 AS quantity,
               count(*) FILTER (WHERE i.id IS NULL) AS "unknownCount", count(l.price) AS "pricedCount",
               coalesce(sum(l.price * s.quantity), 0)::float8 AS value
             ${ROWS} WHERE ${PLACE}`,
      values: [place.userId, place.serverId, place.profileId],
    };
  }

  /** What the catalogue knows of it, by name. @param profileId undefined for all places of the account on the server */
  knownStatement(userId: string, serverId: number, profileId: string | undefined): Statement {
    return {
      name: 'market.stock.list-known',
      text: `SELECT ${COLUMNS} ${ROWS}
             WHERE s.user_id = $1 AND s.server_id = $2 AND i.id IS NOT NULL AND ($3::uuid IS NULL OR s.profile_id = $3)
             ORDER BY i.label_fold, i.id, s.id`,
      values: [userId, serverId, profileId ?? null],
    };
  }
}
