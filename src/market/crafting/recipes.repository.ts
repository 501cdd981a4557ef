import { Injectable } from '@nestjs/common';
import {
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import { IS_UNFLAGGED, JOIN_UNFLAGGED, UNFLAGGED_AT, UNFLAGGED_PRICE } from '../prices/unflagged-price.js';
import type { Ingredient } from './recipe-book.js';

/** What every figure of recipes depends on: prices (and names) of the server, recipes of the game. */
export interface CraftingVersionRow {
  /** 0 for a server without prices. */
  prices: number;
  /** Moves when prices have been judged; 0 before that. */
  rollups: number;
  recipes: number;
}

/** `unflagged`: the newest price that is not flagged; `newest`: the newest, as the original takes it. */
export type PriceChoice = 'unflagged' | 'newest';

/**
 * Recipes of a game in columns of equal length; ingredients of all of them one behind the other. Columns come as JSON, which is parsed
 * in a tenth of the time that arrays of PostgreSQL take.
 */
export interface BookRow {
  version: number;
  ids: number[] | null;
  resultItemIds: number[] | null;
  jobIds: (number | null)[] | null;
  levels: (number | null)[] | null;
  areCustom: boolean[] | null;
  /** How many ingredients each recipe has. */
  counts: number[] | null;
  itemIds: number[] | null;
  quantities: number[] | null;
}

/** Newest prices of a server in columns of equal length. */
export interface PriceColumns {
  itemIds: Int32Array;
  prices: Float64Array;
  /** Unix times in milliseconds. */
  capturedAtMs: Float64Array;
}

export interface StoredRecipeRow {
  id: number;
  resultItemId: number;
  jobId: number | null;
  level: number | null;
  isCustom: boolean;
  madeBy: string | null;
}

/** What is shown of an item in recipes. */
export interface RecipeItemRow {
  id: number;
  label: string;
  iconId: string | null;
  level: number | null;
  /** Percent, its own or its type's; null where neither is known. */
  craftXpRatio: number | null;
}

export interface JobRow {
  id: number;
  externalId: number;
  name: string | null;
  iconId: number | null;
}

const STORED = `id, result_item_id AS "resultItemId", job_id AS "jobId", level, is_custom AS "isCustom", made_by AS "madeBy"`;

/** Moves when a recipe changes, and when an item goes and takes recipes and ingredients along. Each only grows, and so does the sum. */
const RECIPES_VERSION = 'g.recipes_version + g.catalog_epoch';

@Injectable()
export class RecipesRepository {
  versionStatement(serverId: number): Statement {
    return {
      name: 'market.recipes.get-version',
      text: `SELECT coalesce(v.version, 0)::float8 AS prices, coalesce(r.version, 0)::float8 AS rollups, ${RECIPES_VERSION} AS recipes
             FROM market.server s JOIN market.game g ON g.id = s.game_id
             LEFT JOIN market.server_version v ON v.server_id = s.id
             LEFT JOIN market.rollup_version r ON r.server_id = s.id WHERE s.id = $1`,
      values: [serverId],
    };
  }

  gameVersionStatement(gameId: number): Statement {
    return {
      name: 'market.recipes.get-game-version',
      text: `SELECT 0::float8 AS prices, 0::float8 AS rollups, ${RECIPES_VERSION} AS recipes FROM market.game g WHERE id = $1`,
      values: [gameId],
    };
  }

  /** All recipes of a game and their version in one snapshot. */
  bookStatement(gameId: number): Statement {
    return {
      name: 'market.recipes.get-book',
      text: `WITH r AS (SELECT * FROM market.recipe WHERE game_id = $1),
             l AS (SELECT l.* FROM market.recipe_ingredient l JOIN r ON r.id = l.recipe_id),
             n AS (SELECT r.id, count(l.item_id)::int AS count FROM r LEFT JOIN l ON l.recipe_id = r.id GROUP BY r.id)
             SELECT ${RECIPES_VERSION} AS version, c.*, i.*
             FROM market.game g,
               (SELECT array_to_json(array_agg(r.id ORDER BY r.id)) AS ids,
                  array_to_json(array_agg(r.result_item_id ORDER BY r.id)) AS "resultItemIds",
                  array_to_json(array_agg(r.job_id ORDER BY r.id)) AS "jobIds",
                  array_to_json(array_agg(r.level::int ORDER BY r.id)) AS levels,
                  array_to_json(array_agg(r.is_custom ORDER BY r.id)) AS "areCustom",
                  array_to_json(array_agg(n.count ORDER BY r.id)) AS counts
                FROM r JOIN n ON n.id = r.id) c,
               (SELECT array_to_json(array_agg(item_id ORDER BY recipe_id, item_id)) AS "itemIds",
                  array_to_json(array_agg(quantity ORDER BY recipe_id, item_id)) AS quantities FROM l) i
             WHERE g.id = $1`,
      values: [gameId],
    };
  }

  /** A price of each item that has one on the server. */
  async getPrices(tx: Tx, serverId: number, choice: PriceChoice): Promise<PriceColumns> {
    const newest = 'SELECT item_id, price, captured_at FROM market.latest WHERE server_id = $1';
    const unflagged = `SELECT l.item_id, ${UNFLAGGED_PRICE} AS price, ${UNFLAGGED_AT} AS captured_at
             FROM market.latest l ${JOIN_UNFLAGGED} WHERE l.server_id = $1 AND ${IS_UNFLAGGED}`;
    const [row] = await tx.query<Record<keyof PriceColumns, Buffer>>({
      name: `market.recipes.get-${choice}-prices`,
      text: `SELECT array_send(coalesce(array_agg(item_id), '{}')) AS "itemIds",
               array_send(coalesce(array_agg(price), '{}')) AS prices,
               array_send(coalesce(array_agg(captured_at), '{}')) AS "capturedAtMs"
             FROM (${choice === 'newest' ? newest : unflagged}) p`,
      values: [serverId],
    });
    return {
      itemIds: readInt4Array(row!.itemIds),
      prices: readFloat8Array(row!.prices),
      capturedAtMs: readTimestamptzArray(row!.capturedAtMs),
    };
  }

  itemsStatement(itemIds: readonly number[]): Statement {
    return {
      name: 'market.recipes.list-items',
      text: `SELECT i.id, i.label, i.icon_id AS "iconId", i.level::int,
               coalesce(i.craft_xp_ratio, t.craft_xp_ratio) AS "craftXpRatio"
             FROM market.item i LEFT JOIN market.item_type t ON t.id = i.item_type_id WHERE i.id = ANY ($1::int[])`,
      values: [itemIds],
    };
  }

  /** Of these those that are items of the game. */
  knownItemsStatement(gameId: number, itemIds: readonly number[]): Statement {
    return {
      name: 'market.recipes.list-known-items',
      text: 'SELECT id FROM market.item WHERE game_id = $1 AND id = ANY ($2::int[])',
      values: [gameId, itemIds],
    };
  }

  itemByLabelStatement(gameId: number, label: string): Statement {
    return {
      name: 'market.recipes.find-item-by-label',
      text: 'SELECT id FROM market.item WHERE game_id = $1 AND label = $2',
      values: [gameId, label],
    };
  }

  /** Items of the game whose folded label holds the pattern. @param pattern for LIKE */
  matchesStatement(gameId: number, pattern: string): Statement {
    return {
      name: 'market.recipes.list-matches',
      text: `SELECT i.id FROM market.item i JOIN market.recipe r ON r.result_item_id = i.id
             WHERE i.game_id = $1 AND i.label_fold LIKE $2`,
      values: [gameId, pattern],
    };
  }

  jobsStatement(gameId: number): Statement {
    return {
      name: 'market.recipes.list-jobs',
      text: `SELECT id, external_id AS "externalId", name, icon_id AS "iconId" FROM market.job
             WHERE game_id = $1 ORDER BY name NULLS LAST, external_id`,
      values: [gameId],
    };
  }

  /** One writer of a game's recipes at a time; what one of them closes as a cycle, the next must see. */
  async lockRecipes(tx: Tx, gameId: number): Promise<void> {
    await tx.query({
      name: 'market.recipes.bump-version',
      text: 'UPDATE market.game SET recipes_version = recipes_version + 1 WHERE id = $1',
      values: [gameId],
    });
  }

  async getBook(tx: Tx, gameId: number): Promise<BookRow> {
    const [row] = await tx.query<BookRow>(this.bookStatement(gameId));
    return row!;
  }

  async findRecipe(tx: Tx, gameId: number, resultItemId: number): Promise<StoredRecipeRow | null> {
    const [row] = await tx.query<StoredRecipeRow>({
      name: 'market.recipes.find-recipe',
      text: `SELECT ${STORED} FROM market.recipe WHERE game_id = $1 AND result_item_id = $2`,
      values: [gameId, resultItemId],
    });
    return row ?? null;
  }

  async listIngredients(tx: Tx, recipeId: number): Promise<Ingredient[]> {
    return tx.query<Ingredient>({
      name: 'market.recipes.list-ingredients',
      text: `SELECT item_id AS "itemId", quantity FROM market.recipe_ingredient WHERE recipe_id = $1 ORDER BY item_id`,
      values: [recipeId],
    });
  }

  /** Of these those that are items of the game; they stay until the transaction ends. Taken before the recipes' lock, as a deletion does. */
  async listKnownItemIds(tx: Tx, gameId: number, itemIds: readonly number[]): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.recipes.list-known-item-ids',
      text: 'SELECT id FROM market.item WHERE game_id = $1 AND id = ANY ($2::int[]) FOR KEY SHARE',
      values: [gameId, itemIds],
    });
    return rows.map(({ id }) => id);
  }

  async hasJob(tx: Tx, gameId: number, jobId: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.recipes.has-job',
      text: 'SELECT 1 FROM market.job WHERE game_id = $1 AND id = $2',
      values: [gameId, jobId],
    });
    return rows.length > 0;
  }

  /** A custom recipe, or the one that there is with another job and level; a shipped one counts as custom from then on. */
  async upsertRecipe(
    tx: Tx,
    gameId: number,
    recipe: { resultItemId: number; jobId: number | null; level: number | null; madeBy: string | null },
  ): Promise<StoredRecipeRow> {
    const [row] = await tx.query<StoredRecipeRow>({
      name: 'market.recipes.upsert-recipe',
      text: `INSERT INTO market.recipe (game_id, result_item_id, job_id, level, is_custom, made_by)
             VALUES ($1, $2, $3, $4, true, $5)
             ON CONFLICT (result_item_id) DO UPDATE
               SET job_id = excluded.job_id, level = excluded.level, is_custom = true
             RETURNING ${STORED}`,
      values: [gameId, recipe.resultItemId, recipe.jobId, recipe.level, recipe.madeBy],
    });
    return row!;
  }

  async replaceIngredients(tx: Tx, recipeId: number, ingredients: readonly Ingredient[]): Promise<void> {
    await tx.query({
      name: 'market.recipes.delete-ingredients',
      text: 'DELETE FROM market.recipe_ingredient WHERE recipe_id = $1',
      values: [recipeId],
    });
    await tx.query({
      name: 'market.recipes.insert-ingredients',
      text: `INSERT INTO market.recipe_ingredient (recipe_id, item_id, quantity)
             SELECT $1, * FROM unnest($2::int4[], $3::int4[])`,
      values: [
        recipeId,
        ingredients.map(({ itemId }) => itemId),
        ingredients.map(({ quantity }) => quantity),
      ],
    });
  }

  async deleteRecipe(tx: Tx, recipeId: number): Promise<void> {
    await tx.query({
      name: 'market.recipes.delete-recipe',
      text: 'DELETE FROM market.recipe WHERE id = $1',
      values: [recipeId],
    });
  }
}
