import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { utcText } from '../profiles/profiles.repository.js';
import type { ListScope } from './list.entity.js';

export interface ListRow {
  id: string;
  name: string;
  scope: ListScope;
  profileId: string | null;
  version: number;
  createdAtUtc: string;
  /** Of the one in whose scope it was read. */
  isOwn: boolean;
  itemCount: number;
}

/** An item of a list with its price on one server. */
export interface ListItemRow {
  listId: string;
  itemId: number;
  externalId: number | null;
  label: string;
  quantity: number;
  category: string | null;
  iconId: string | null;
  isCraftable: boolean;
  /** Null, like all below, where the item has no price. */
  serverKey: string | null;
  server: string | null;
  price: number | null;
  seenAtUtc: string | null;
  previousPrice: number | null;
  mean7d: number | null;
  mean30d: number | null;
  mean90d: number | null;
  mean365d: number | null;
}

/** Which lists are meant, of those that row-level security lets the reader see. */
export interface ListFilter {
  id: string | null;
  /** All of them; the reader's own; or the public ones with the private ones of a profile. */
  kind: 'visible' | 'own' | 'public-and-profile';
  /** One of the reader's profiles; null in `own` for all of them, else for none. */
  profileId: string | null;
}

/** Where and since when prices are looked at. */
export interface PriceView {
  /** Null: the preferred server where the item has a price there, else the one where it was seen last. */
  serverId: number | null;
  preferredServerId: number | null;
  /** Unix time in milliseconds. */
  sinceMs: number;
}

const COLUMNS = `l.id, l.name, l.scope, l.version, l.profile_id AS "profileId", ${utcText('l.created_at')} AS "createdAtUtc",
  l.user_id = $1::uuid AS "isOwn"`;
const COUNT = `(SELECT count(*) FROM market.list_item i WHERE i.list_id = l.id) AS "itemCount"`;

/** Lists as row-level security shows them: one's own and the public ones; only one's own can be written. */
@Injectable()
export class ListsRepository {
  /** Newest first. @param readerId whose scope it is @param limit null for all */
  listsStatement(
    readerId: string,
    gameId: number,
    filter: ListFilter,
    before: string | null,
    limit: number | null,
  ): Statement {
    return {
      name: 'market.lists.list-page',
      text: `SELECT ${COLUMNS}, ${COUNT} FROM market.list l
             WHERE l.game_id = $2 AND ($3::uuid IS NULL OR l.id = $3)
               AND CASE $4::text
                     WHEN 'visible' THEN true
                     WHEN 'own' THEN l.user_id = $1::uuid AND ($5::uuid IS NULL OR l.profile_id = $5)
                     ELSE l.scope = 'public' OR (l.user_id = $1::uuid AND l.profile_id = $5) END
               AND ($6::uuid IS NULL OR l.id < $6)
             ORDER BY l.id DESC LIMIT $7`,
      values: [readerId, gameId, filter.id, filter.kind, filter.profileId, before, limit],
    };
  }

  /**
   * Items with prices from `latest` and rollups. `previousPrice` is the first observation since a moment, which is the first of
   * a day in all cases but one: where the moment falls into a day with observations before and after it, and there raw rows
   * are asked, of that day and item alone (when they were taken away, the last price of the day stands for them).
   */
  itemsStatement(listIds: readonly string[], view: PriceView): Statement {
    return {
      name: 'market.lists.list-items',
      text: `SELECT li.list_id AS "listId", i.id AS "itemId", i.external_id AS "externalId", i.label, li.quantity,
               c.name AS category, i.icon_id AS "iconId",
               EXISTS (SELECT FROM market.recipe r WHERE r.result_item_id = i.id) AS "isCraftable",
               p.key AS "serverKey", p.name AS server, p.price, ${utcText('p.captured_at')} AS "seenAtUtc",
               CASE WHEN d.first_at >= to_timestamp($4) THEN d.open
                    ELSE coalesce((SELECT o.price FROM market.observation o
                                   WHERE o.server_id = p.server_id AND o.item_id = i.id AND o.captured_at >= to_timestamp($4)
                                     AND o.captured_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
                                   ORDER BY o.captured_at, o.price LIMIT 1), d.close, p.price) END AS "previousPrice",
               w.mean7d, w.mean30d, w.mean90d, w.mean365d
             FROM market.list_item li
             JOIN market.item i ON i.id = li.item_id
             LEFT JOIN market.category c ON c.id = i.category_id
             LEFT JOIN LATERAL (
               SELECT v.key, v.name, l.* FROM market.server v
               CROSS JOIN LATERAL (SELECT server_id, price, captured_at FROM market.latest l
                                   WHERE l.server_id = v.id AND l.item_id = i.id OFFSET 0) l
               WHERE v.game_id = i.game_id AND ($2::int IS NULL OR v.id = $2)
               ORDER BY v.id IS DISTINCT FROM $3::int, l.captured_at DESC, v.id LIMIT 1) p ON true
             LEFT JOIN LATERAL (
               SELECT d.day, d.open, d.close, d.first_at FROM market.daily d
               WHERE d.server_id = p.server_id AND d.item_id = i.id
                 AND d.day >= (to_timestamp($4) AT TIME ZONE 'UTC')::date AND d.last_at >= to_timestamp($4)
               ORDER BY d.day LIMIT 1) d ON true
             LEFT JOIN LATERAL (
               SELECT max(sum / n) FILTER (WHERE days = 7) AS mean7d, max(sum / n) FILTER (WHERE days = 30) AS mean30d,
                 max(sum / n) FILTER (WHERE days = 90) AS mean90d, max(sum / n) FILTER (WHERE days = 365) AS mean365d
               FROM market.window_stat w
               WHERE w.server_id = p.server_id AND w.days IN (7, 30, 90, 365) AND w.item_id = i.id) w ON true
             WHERE li.list_id = ANY ($1::uuid[])
             ORDER BY i.label_fold, i.id`,
      values: [listIds, view.serverId, view.preferredServerId, view.sinceMs / 1_000],
    };
  }

  async findOwn(tx: Tx, ownerId: string, gameId: number, id: string): Promise<ListRow | null> {
    const [row] = await tx.query<ListRow>({
      name: 'market.lists.find-own',
      text: `SELECT ${COLUMNS}, ${COUNT} FROM market.list l
             WHERE l.user_id = $1::uuid AND l.game_id = $2 AND l.id = $3 FOR NO KEY UPDATE`,
      values: [ownerId, gameId, id],
    });
    return row ?? null;
  }

  async countLists(tx: Tx, ownerId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.lists.count-lists',
      text: 'SELECT count(*) FROM market.list WHERE user_id = $1::uuid',
      values: [ownerId],
    });
    return row!.count;
  }

  async insertList(
    tx: Tx,
    list: {
      id: string;
      userId: string;
      gameId: number;
      profileId: string | null;
      name: string;
      scope: ListScope;
    },
  ): Promise<ListRow> {
    const [row] = await tx.query<ListRow>({
      name: 'market.lists.insert-list',
      text: `INSERT INTO market.list AS l (user_id, id, game_id, profile_id, name, scope) VALUES ($1, $2, $3, $4, $5, $6)
             RETURNING ${COLUMNS}, 0 AS "itemCount"`,
      values: [list.userId, list.id, list.gameId, list.profileId, list.name, list.scope],
    });
    return row!;
  }

  async updateList(
    tx: Tx,
    ownerId: string,
    id: string,
    list: { profileId: string | null; name: string; scope: ListScope },
  ): Promise<ListRow> {
    const [row] = await tx.query<ListRow>({
      name: 'market.lists.update-list',
      text: `UPDATE market.list l SET profile_id = $3, name = $4, scope = $5, version = l.version + 1
             WHERE l.user_id = $1::uuid AND l.id = $2 RETURNING ${COLUMNS}, ${COUNT}`,
      values: [ownerId, id, list.profileId, list.name, list.scope],
    });
    return row!;
  }

  async deleteList(tx: Tx, ownerId: string, id: string): Promise<void> {
    await tx.query({
      name: 'market.lists.delete-list',
      text: 'DELETE FROM market.list WHERE user_id = $1::uuid AND id = $2',
      values: [ownerId, id],
    });
  }

  /** Its items have changed. */
  async bumpVersion(tx: Tx, ownerId: string, id: string): Promise<void> {
    await tx.query({
      name: 'market.lists.bump-version',
      text: 'UPDATE market.list SET version = version + 1 WHERE user_id = $1::uuid AND id = $2',
      values: [ownerId, id],
    });
  }

  async findQuantity(tx: Tx, listId: string, itemId: number): Promise<number | null> {
    const [row] = await tx.query<{ quantity: number }>({
      name: 'market.lists.find-quantity',
      text: 'SELECT quantity FROM market.list_item WHERE list_id = $1 AND item_id = $2',
      values: [listId, itemId],
    });
    return row?.quantity ?? null;
  }

  async upsertItem(
    tx: Tx,
    item: { userId: string; listId: string; itemId: number; scope: ListScope; quantity: number },
  ): Promise<void> {
    await tx.query({
      name: 'market.lists.upsert-item',
      text: `INSERT INTO market.list_item (user_id, list_id, item_id, scope, quantity) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT ON CONSTRAINT pk_list_item DO UPDATE SET quantity = excluded.quantity`,
      values: [item.userId, item.listId, item.itemId, item.scope, item.quantity],
    });
  }

  async deleteItem(tx: Tx, listId: string, itemId: number): Promise<void> {
    await tx.query({
      name: 'market.lists.delete-item',
      text: 'DELETE FROM market.list_item WHERE list_id = $1 AND item_id = $2',
      values: [listId, itemId],
    });
  }
}
