import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** An item by its own id, or by the label by which clients without ids address it. */
export type CuratedKey = { readonly itemId: number } | { readonly label: string };

export interface CuratedItemRow {
  id: number;
  externalId: number | null;
  name: string | null;
  nameEn: string | null;
  label: string;
  level: number | null;
  category: string | null;
  iconId: string | null;
  version: number;
}

export interface ItemFacts {
  name: string | null;
  nameEn: string | null;
  label: string;
  labelFold: string;
  level: number | null;
  categoryId: number | null;
}

/** Corrections of the catalogue, all of the system role and under the catalogue's lock. */
@Injectable()
export class ItemCurationRepository {
  /** @param strength `update` also keeps out whoever wants to refer to the item */
  async lockItem(
    tx: Tx,
    gameId: number,
    key: CuratedKey,
    strength: 'no-key-update' | 'update',
  ): Promise<CuratedItemRow | null> {
    const [column, value] = 'itemId' in key ? (['id', key.itemId] as const) : (['label', key.label] as const);
    const [row] = await tx.query<CuratedItemRow>({
      name: `market.item-curation.lock-by-${column}-for-${strength}`,
      text: `SELECT i.id, i.external_id AS "externalId", i.name, i.name_en AS "nameEn", i.label, i.level,
               (SELECT c.name FROM market.category c WHERE c.id = i.category_id) AS category, i.icon_id AS "iconId", i.version
             FROM market.item i WHERE i.game_id = $1 AND i.${column} = $2
             FOR ${strength === 'update' ? 'UPDATE' : 'NO KEY UPDATE'}`,
      values: [gameId, value],
    });
    return row ?? null;
  }

  /** Id of the category, which is added if nobody has used it yet. */
  async ensureCategory(tx: Tx, gameId: number, name: string): Promise<number> {
    await tx.query({
      name: 'market.item-curation.insert-category',
      text: 'INSERT INTO market.category (game_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      values: [gameId, name],
    });
    const [row] = await tx.query<{ id: number }>({
      name: 'market.item-curation.get-category',
      text: 'SELECT id FROM market.category WHERE game_id = $1 AND name = $2',
      values: [gameId, name],
    });
    return row!.id;
  }

  async updateFacts(tx: Tx, itemId: number, facts: ItemFacts): Promise<void> {
    await tx.query({
      name: 'market.item-curation.update-facts',
      text: `UPDATE market.item SET name = $2, name_en = $3, label = $4, label_fold = $5, level = $6, category_id = $7,
               version = version + 1, curated_at = clock_timestamp()
             WHERE id = $1`,
      values: [itemId, facts.name, facts.nameEn, facts.label, facts.labelFold, facts.level, facts.categoryId],
    });
  }

  /** The game's id is free again. */
  async updateReleased(tx: Tx, itemId: number): Promise<void> {
    await tx.query({
      name: 'market.item-curation.update-released',
      text: 'UPDATE market.item SET external_id = NULL, version = version + 1 WHERE id = $1',
      values: [itemId],
    });
  }

  /** @param categoryId null leaves it as it is @param mayReplace whether another category may go */
  async updateManual(tx: Tx, itemId: number, categoryId: number | null, mayReplace: boolean): Promise<void> {
    await tx.query({
      name: 'market.item-curation.update-manual',
      text: `UPDATE market.item SET is_manual = true, version = version + 1,
               category_id = CASE WHEN $3 THEN coalesce($2, category_id) ELSE coalesce(category_id, $2) END
             WHERE id = $1`,
      values: [itemId, categoryId, mayReplace],
    });
  }

  async isShipped(tx: Tx, itemId: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.item-curation.is-shipped',
      text: 'SELECT 1 FROM market.item WHERE id = $1 AND is_shipped',
      values: [itemId],
    });
    return rows.length === 1;
  }

  /** Nobody works on the figures of the server until the end of the transaction. */
  async lockFigures(tx: Tx, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.item-curation.lock-figures',
      text: 'SELECT pg_advisory_xact_lock($1, $2)',
      values: [ADVISORY_LOCK.marketFigures, serverId],
    });
  }

  /**
   * Takes everything that refers to the item with it, but for raw prices. What is made of its days and of those of other items, the
   * links of the index, is marked stale; once the days are gone, nobody knows any more which ones they were. The lists that it was on
   * have changed: their versions move.
   */
  async deleteItem(tx: Tx, itemId: number): Promise<void> {
    await tx.query({
      name: 'market.item-curation.delete-item',
      text: `WITH marked AS (
               INSERT INTO market.stale_series (server_id, item_ids, days)
               SELECT s.id, ARRAY[i.id], d.days FROM market.item i JOIN market.server s ON s.game_id = i.game_id
               CROSS JOIN LATERAL (
                 SELECT array_agg(d.day) AS days FROM market.daily d WHERE d.server_id = s.id AND d.item_id = i.id) d
               WHERE i.id = $1 AND d.days IS NOT NULL
             ), changed AS (
               INSERT INTO market.day_change AS c (server_id, day)
               SELECT s.id, d.day FROM market.item i JOIN market.server s ON s.game_id = i.game_id
               JOIN market.daily d ON d.server_id = s.id AND d.item_id = i.id
               WHERE i.id = $1 ORDER BY s.id, d.day
               ON CONFLICT (server_id, day) DO UPDATE SET change_count = c.change_count + 1
             ), listed AS (
               UPDATE market.list SET version = version + 1
               WHERE id IN (SELECT list_id FROM market.list_item WHERE item_id = $1)
             )
             DELETE FROM market.item WHERE id = $1`,
      values: [itemId],
    });
  }

  /** Names and ids mean something else from now on; see item-cache.ts. */
  async bumpEpoch(tx: Tx, gameId: number): Promise<void> {
    await tx.query({
      name: 'market.item-curation.bump-epoch',
      text: 'UPDATE market.game SET catalog_epoch = catalog_epoch + 1 WHERE id = $1',
      values: [gameId],
    });
  }

  /** Servers on which the item has a price or days, in the order of their lanes. */
  async listServers(tx: Tx, gameId: number, itemId: number): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.item-curation.list-servers',
      text: `SELECT s.id FROM market.server s
             WHERE s.game_id = $1 AND (EXISTS (SELECT FROM market.latest l WHERE l.server_id = s.id AND l.item_id = $2)
               OR EXISTS (SELECT FROM market.daily d WHERE d.server_id = s.id AND d.item_id = $2))
             ORDER BY s.id`,
      values: [gameId, itemId],
    });
    return rows.map((row) => row.id);
  }

  /** Prices and figures of these servers show the item; their rows in the order in which batches lock them. */
  async bumpVersions(tx: Tx, serverIds: readonly number[]): Promise<void> {
    for (const table of ['server_version', 'rollup_version', 'figure_version'])
      await tx.query({
        name: `market.item-curation.bump-${table}`,
        text: `UPDATE market.${table} v SET version = v.version + 1
               FROM (SELECT server_id FROM market.${table} WHERE server_id = ANY ($1::int[]) ORDER BY server_id FOR UPDATE) l
               WHERE v.server_id = l.server_id`,
        values: [serverIds],
      });
  }

  /** Raw prices of an item that is gone, withheld ones too: a portion of each. @returns how many of the more there were */
  async deleteRawPortion(tx: Tx, serverId: number, itemId: number, limit: number): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.item-curation.delete-raw-portion',
      text: `WITH portion AS (
               SELECT o.captured_at, o.source_id FROM market.observation o WHERE o.server_id = $1 AND o.item_id = $2
               ORDER BY o.captured_at LIMIT $3
             ), gone AS (
               DELETE FROM market.observation o USING portion p
               WHERE o.server_id = $1 AND o.item_id = $2 AND o.captured_at = p.captured_at AND o.source_id = p.source_id
               RETURNING 1
             ), withheld_portion AS (
               SELECT w.captured_at, w.source_id, w.price, w.lots FROM market.withheld_observation w
               WHERE w.server_id = $1 AND w.item_id = $2 ORDER BY w.captured_at LIMIT $3
             ), withheld_gone AS (
               DELETE FROM market.withheld_observation w USING withheld_portion p
               WHERE w.server_id = $1 AND w.item_id = $2 AND w.captured_at = p.captured_at AND w.source_id = p.source_id
                 AND w.price = p.price AND w.lots = p.lots
               RETURNING 1
             )
             SELECT greatest((SELECT count(*) FROM gone), (SELECT count(*) FROM withheld_gone))::int AS count`,
      values: [serverId, itemId, limit],
    });
    return row!.count;
  }
}
