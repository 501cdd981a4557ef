import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ItemCategory, ItemChange, KnownItem, NewItem } from './plan-new-items.js';

export interface ItemRow {
  id: number;
  externalId: number | null;
  name: string | null;
  nameEn: string | null;
  label: string;
  labelFold: string;
  level: number | null;
  category: string | null;
  type: string | null;
  iconId: string | null;
  isCraftable: boolean;
  usageCount: number;
}

export interface RecipeRow {
  level: number | null;
  job: string | null;
  ingredients: { itemId: number; label: string; quantity: number }[];
}

export interface ItemFilter {
  /** Folded search text; every item when empty. */
  query: string;
  categoryId: number | undefined;
  typeExternalId: number | undefined;
  levelMin: number | undefined;
  levelMax: number | undefined;
  limit: number;
  after: readonly [labelFold: string, id: number] | undefined;
}

// Not EXISTS: PostgreSQL would hash all recipes for it, whatever the LIMIT.
const ITEM_COLUMNS = `
  i.id, i.external_id AS "externalId", i.name, i.name_en AS "nameEn", i.label, i.label_fold AS "labelFold", i.level,
  c.name AS category, t.name AS type, i.icon_id AS "iconId",
  (SELECT r.id FROM market.recipe r WHERE r.result_item_id = i.id) IS NOT NULL AS "isCraftable",
  (SELECT count(*) FROM market.recipe_ingredient g WHERE g.item_id = i.id) AS "usageCount"`;
const ITEM_JOINS = `
  LEFT JOIN market.category c ON c.id = i.category_id
  LEFT JOIN market.item_type t ON t.id = i.item_type_id`;

const KNOWN =
  'id, external_id AS "externalId", name, label, category_id IS NULL AND curated_at IS NULL AS "lacksCategory"';

/** `%` and `_` in what a user typed mean themselves. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

@Injectable()
export class ItemsRepository {
  listStatement(gameId: number, filter: ItemFilter): Statement {
    const [afterFold, afterId] = filter.after ?? [null, null];
    return {
      name: 'market.items.list',
      text: `SELECT ${ITEM_COLUMNS} FROM market.item i ${ITEM_JOINS}
             WHERE i.game_id = $1 AND ($2 = '' OR i.label_fold LIKE $3)
               AND ($4::int IS NULL OR i.category_id = $4) AND ($5::int IS NULL OR t.external_id = $5)
               AND ($6::int IS NULL OR i.level >= $6) AND ($7::int IS NULL OR i.level <= $7)
               AND ($8::text IS NULL OR (i.label_fold, i.id) > ($8, $9::bigint))
             ORDER BY i.label_fold, i.id LIMIT $10`,
      values: [
        gameId,
        filter.query,
        likePattern(filter.query),
        filter.categoryId ?? null,
        filter.typeExternalId ?? null,
        filter.levelMin ?? null,
        filter.levelMax ?? null,
        afterFold,
        afterId,
        filter.limit,
      ],
    };
  }

  /** Best matches first: equal, then beginning with the text, then shorter names. */
  searchStatement(gameId: number, query: string, limit: number, after?: ItemFilter['after']): Statement {
    const [afterFold, afterId] = after ?? [null, null];
    return {
      name: 'market.items.search',
      text: `SELECT ${ITEM_COLUMNS} FROM market.item i ${ITEM_JOINS}
             WHERE i.game_id = $1 AND i.label_fold LIKE $3
               AND ($5::text IS NULL
                 OR (i.label_fold <> $2, NOT starts_with(i.label_fold, $2), length(i.label_fold), i.label_fold, i.id)
                  > ($5 <> $2, NOT starts_with($5, $2), length($5), $5, $6::int))
             ORDER BY i.label_fold <> $2, NOT starts_with(i.label_fold, $2), length(i.label_fold), i.label_fold, i.id
             LIMIT $4`,
      values: [gameId, query, likePattern(query), limit, afterFold, afterId],
    };
  }

  /** Names that hold a word like the text, the most alike first: for a text that no name holds. */
  similarStatement(gameId: number, query: string, limit: number): Statement {
    return {
      name: 'market.items.list-similar',
      text: `SELECT ${ITEM_COLUMNS} FROM market.item i ${ITEM_JOINS}
             WHERE i.game_id = $1 AND $2 <% i.label_fold
             ORDER BY word_similarity($2, i.label_fold) DESC, length(i.label_fold), i.label_fold, i.id LIMIT $3`,
      values: [gameId, query, limit],
    };
  }

  itemStatement(gameId: number, itemId: number): Statement {
    return {
      name: 'market.items.get',
      text: `SELECT ${ITEM_COLUMNS}, i.version FROM market.item i ${ITEM_JOINS} WHERE i.game_id = $1 AND i.id = $2`,
      values: [gameId, itemId],
    };
  }

  itemByLabelStatement(gameId: number, label: string): Statement {
    return {
      name: 'market.items.get-by-label',
      text: `SELECT ${ITEM_COLUMNS}, i.category_id AS "categoryId" FROM market.item i ${ITEM_JOINS}
             WHERE i.game_id = $1 AND i.label = $2`,
      values: [gameId, label],
    };
  }

  recipeStatement(itemId: number): Statement {
    return {
      name: 'market.items.get-recipe',
      text: `SELECT r.level, j.name AS job,
               (SELECT json_agg(json_build_object('itemId', i.id, 'label', i.label, 'quantity', g.quantity) ORDER BY i.label)
                FROM market.recipe_ingredient g JOIN market.item i ON i.id = g.item_id WHERE g.recipe_id = r.id) AS ingredients
             FROM market.recipe r LEFT JOIN market.job j ON j.id = r.job_id WHERE r.result_item_id = $1`,
      values: [itemId],
    };
  }

  /** From here to the end of the transaction no one else adds items to the game. Taken after lane locks, never before. */
  async lockCatalog(tx: Tx, gameId: number): Promise<void> {
    await tx.query({
      name: 'market.items.lock-catalog',
      text: 'SELECT pg_advisory_xact_lock($1, $2)',
      values: [ADVISORY_LOCK.marketCatalog, gameId],
    });
  }

  listKnown(
    tx: Tx,
    gameId: number,
    externalIds: readonly number[],
    labels: readonly string[],
  ): Promise<KnownItem[]> {
    return tx.query<KnownItem>({
      name: 'market.items.list-known',
      text: `SELECT ${KNOWN} FROM market.item WHERE game_id = $1 AND external_id = ANY ($2::int[])
             UNION
             SELECT ${KNOWN} FROM market.item WHERE game_id = $1 AND label = ANY ($3::text[])`,
      values: [gameId, externalIds, labels],
    });
  }

  listAllKnown(tx: Tx, gameId: number): Promise<KnownItem[]> {
    return tx.query<KnownItem>({
      name: 'market.items.list-all-known',
      text: `SELECT ${KNOWN} FROM market.item WHERE game_id = $1`,
      values: [gameId],
    });
  }

  /** Adds items, and categories of names not seen before. @returns their ids in order */
  async insertItems(tx: Tx, gameId: number, items: readonly NewItem[]): Promise<number[]> {
    const column = <K extends keyof NewItem>(key: K): NewItem[K][] => items.map((item) => item[key]);
    await this.insertCategories(tx, gameId, column('category'));
    const rows = await tx.query<{ id: number; label: string }>({
      name: 'market.items.insert',
      text: `INSERT INTO market.item (game_id, external_id, name, label, label_fold, category_id)
             SELECT $1, t.external_id, t.name, t.label, t.label_fold, c.id
             FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[])
               AS t(external_id, name, label, label_fold, category)
             LEFT JOIN market.category c ON c.game_id = $1 AND c.name = t.category
             RETURNING id, label`,
      values: [
        gameId,
        column('externalId'),
        column('name'),
        column('label'),
        column('labelFold'),
        column('category'),
      ],
    });
    const ids = new Map(rows.map((row) => [row.label, row.id]));
    return items.map((item) => ids.get(item.label)!);
  }

  /**
   * Names and external ids are part of every price that is shown, so the versions of the servers that show one move with them.
   * Version rows are locked in ascending order, as a batch of several servers does, and before the caller writes any price.
   */
  async updateItems(tx: Tx, changes: readonly ItemChange[]): Promise<void> {
    const column = <K extends keyof ItemChange>(key: K): ItemChange[K][] =>
      changes.map((change) => change[key]);
    await tx.query({
      name: 'market.items.update',
      text: `UPDATE market.item i
             SET external_id = t.external_id, name = t.name, label = t.label, label_fold = t.label_fold, version = i.version + 1
             FROM unnest($1::int[], $2::int[], $3::text[], $4::text[], $5::text[])
               AS t(id, external_id, name, label, label_fold)
             WHERE i.id = t.id`,
      values: [column('id'), column('externalId'), column('name'), column('label'), column('labelFold')],
    });
    await this.bumpServerVersions(tx, column('id'));
  }

  /** Categories of items that had none. Figures are held together with them, so all versions that speak of the items move. */
  async updateCategories(tx: Tx, gameId: number, items: readonly ItemCategory[]): Promise<void> {
    const [ids, categories] = [items.map(({ id }) => id), items.map(({ category }) => category)];
    await this.insertCategories(tx, gameId, categories);
    await tx.query({
      name: 'market.items.update-categories',
      text: `UPDATE market.item i SET category_id = c.id, version = i.version + 1
             FROM unnest($2::int[], $3::text[]) AS t(id, category)
             JOIN market.category c ON c.game_id = $1 AND c.name = t.category
             WHERE i.id = t.id`,
      values: [gameId, ids, categories],
    });
    await this.bumpShownVersions(tx, ids);
  }

  /** Prices and figures show the items otherwise than before. Rows are locked as {@link bumpServerVersions} does. */
  async bumpShownVersions(tx: Tx, itemIds: readonly number[]): Promise<void> {
    await this.bumpServerVersions(tx, itemIds);
    for (const table of ['rollup_version', 'figure_version'])
      await tx.query({
        name: `market.items.bump-${table}`,
        text: `UPDATE market.${table} v SET version = v.version + 1
               FROM (SELECT w.server_id FROM market.${table} w
                     WHERE EXISTS (SELECT FROM market.latest l WHERE l.server_id = w.server_id AND l.item_id = ANY ($1::int[]))
                       OR EXISTS (SELECT FROM market.daily d WHERE d.server_id = w.server_id AND d.item_id = ANY ($1::int[]))
                     ORDER BY w.server_id FOR NO KEY UPDATE) w
               WHERE v.server_id = w.server_id`,
        values: [itemIds],
      });
  }

  private async insertCategories(tx: Tx, gameId: number, names: readonly (string | null)[]): Promise<void> {
    await tx.query({
      name: 'market.items.insert-categories',
      text: `INSERT INTO market.category (game_id, name)
             SELECT DISTINCT $1::smallint, name FROM unnest($2::text[]) AS t(name) WHERE name IS NOT NULL
             ON CONFLICT DO NOTHING`,
      values: [gameId, names],
    });
  }

  /** After the items were written, as a statement of its own: whoever was adding a price of one has committed by now, and is seen. */
  async bumpServerVersions(tx: Tx, itemIds: readonly number[]): Promise<void> {
    await tx.query({
      name: 'market.items.bump-server-versions',
      text: `UPDATE market.server_version v SET version = v.version + 1
             FROM (SELECT w.server_id FROM market.server_version w
                   WHERE EXISTS (SELECT FROM market.latest l WHERE l.server_id = w.server_id AND l.item_id = ANY ($1::int[]))
                   ORDER BY w.server_id FOR NO KEY UPDATE) w
             WHERE v.server_id = w.server_id`,
      values: [itemIds],
    });
  }
}
