import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { CatalogSeed } from './catalog-seed.reader.js';
import { serverKey } from './server-key.js';

/** Writes a seed's facts. Each method may run again on what is there: rows are keyed by the game's own ids. */
@Injectable()
export class CatalogSeedRepository {
  async findChecksum(tx: Tx, gameKey: string): Promise<string | null> {
    const [row] = await tx.query<{ checksum: string | null }>({
      name: 'market.seed.find-checksum',
      text: 'SELECT catalog_checksum AS checksum FROM market.game WHERE key = $1',
      values: [gameKey],
    });
    return row?.checksum ?? null;
  }

  async upsertGame(tx: Tx, game: CatalogSeed['game']): Promise<number> {
    const [row] = await tx.query<{ id: number }>({
      name: 'market.seed.upsert-game',
      text: `INSERT INTO market.game (key, name) VALUES ($1, $2)
             ON CONFLICT (key) DO UPDATE SET name = excluded.name RETURNING id`,
      values: [game.code, game.name],
    });
    return row!.id;
  }

  async updateChecksum(tx: Tx, gameId: number, checksum: string): Promise<void> {
    await tx.query({
      name: 'market.seed.update-checksum',
      text: 'UPDATE market.game SET catalog_checksum = $2 WHERE id = $1',
      values: [gameId, checksum],
    });
  }

  async insertDimensions(tx: Tx, gameId: number, seed: CatalogSeed): Promise<void> {
    await tx.query({
      name: 'market.seed.insert-servers',
      text: `INSERT INTO market.server (game_id, key, name)
             SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
      values: [gameId, seed.servers.map(serverKey), seed.servers],
    });
    await tx.query({
      name: 'market.seed.insert-categories',
      text: 'INSERT INTO market.category (game_id, name) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      values: [gameId, seed.categories],
    });
    await tx.query({
      name: 'market.seed.upsert-item-types',
      text: `INSERT INTO market.item_type (game_id, external_id, name, name_en, category_id, craft_xp_ratio)
             SELECT $1, t.external_id, t.name, t.name_en, c.id, t.ratio
             FROM unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::int[])
               AS t(external_id, name, name_en, category, ratio)
             LEFT JOIN market.category c ON c.game_id = $1 AND c.name = t.category
             ON CONFLICT (game_id, external_id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
               category_id = excluded.category_id, craft_xp_ratio = excluded.craft_xp_ratio`,
      values: [
        gameId,
        seed.itemTypes.map((type) => type.externalId),
        seed.itemTypes.map((type) => type.nameFr),
        seed.itemTypes.map((type) => type.nameEn),
        seed.itemTypes.map((type) => type.category),
        seed.itemTypes.map((type) => type.craftXpRatio),
      ],
    });
    await tx.query({
      name: 'market.seed.upsert-jobs',
      text: `INSERT INTO market.job (game_id, external_id, name, icon_id)
             SELECT $1, * FROM unnest($2::int[], $3::text[], $4::int[])
             ON CONFLICT (game_id, external_id) DO UPDATE SET name = excluded.name, icon_id = excluded.icon_id`,
      values: [
        gameId,
        seed.jobs.map((job) => job.externalId),
        seed.jobs.map((job) => job.nameFr),
        seed.jobs.map((job) => job.iconId),
      ],
    });
  }

  /**
   * Facts about items that exist already; labels are left alone, clients address items by them, and so is what a curator corrected, and
   * a category that prices brought where the seed has none.
   * @returns ids of items of which something has changed
   */
  async updateItemFacts(tx: Tx, gameId: number, items: CatalogSeed['items']): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.seed.update-item-facts',
      text: `UPDATE market.item i SET name_en = f.name_en, level = f.level, category_id = coalesce(f.category_id, i.category_id),
               item_type_id = f.item_type_id, is_shipped = true, version = i.version + 1
             FROM (SELECT t.external_id, t.name_en, t.level::smallint AS level, c.id AS category_id, y.id AS item_type_id
                   FROM unnest($2::int[], $3::text[], $4::int[], $5::text[], $6::int[])
                     AS t(external_id, name_en, level, category, type_id)
                   LEFT JOIN market.category c ON c.game_id = $1 AND c.name = t.category
                   LEFT JOIN market.item_type y ON y.game_id = $1 AND y.external_id = t.type_id) f
             WHERE i.game_id = $1 AND i.external_id = f.external_id AND i.curated_at IS NULL
               AND (i.name_en, i.level, i.category_id, i.item_type_id, i.is_shipped)
                 IS DISTINCT FROM (f.name_en, f.level, coalesce(f.category_id, i.category_id), f.item_type_id, true)
             RETURNING i.id`,
      values: [
        gameId,
        items.map((item) => item.externalId),
        items.map((item) => item.nameEn),
        items.map((item) => item.level),
        items.map((item) => item.category),
        items.map((item) => item.typeId),
      ],
    });
    return rows.map(({ id }) => id);
  }

  /**
   * Replaces the recipes of the seed's results; recipes of other items stay, and so do those that were made or changed here. Ids are found first and joined here: statistics
   * that autovacuum took between the statements, while these rows are not committed, say that the tables are empty, and a
   * join planned by them takes minutes.
   */
  async replaceRecipes(tx: Tx, gameId: number, recipes: CatalogSeed['recipes']): Promise<void> {
    const itemIds = await this.mapItemIds(tx, gameId);
    const rows = await tx.query<{ id: number; itemId: number }>({
      name: 'market.seed.upsert-recipes',
      text: `INSERT INTO market.recipe (game_id, result_item_id, job_id, level)
             SELECT $1, t.result, j.id, t.level FROM unnest($2::int[], $3::int[], $4::int[]) AS t(result, job, level)
             LEFT JOIN market.job j ON j.game_id = $1 AND j.external_id = t.job
             ON CONFLICT (result_item_id) DO UPDATE SET job_id = excluded.job_id, level = excluded.level
               WHERE NOT recipe.is_custom
             RETURNING id, result_item_id AS "itemId"`,
      values: [
        gameId,
        recipes.map((recipe) => itemIds.get(recipe.resultExternalId)),
        recipes.map((recipe) => recipe.jobId),
        recipes.map((recipe) => recipe.level),
      ],
    });
    const recipeIds = new Map(rows.map((row) => [row.itemId, row.id]));
    await tx.query({
      name: 'market.seed.delete-ingredients',
      text: 'DELETE FROM market.recipe_ingredient WHERE recipe_id = ANY ($1::int[])',
      values: [[...recipeIds.values()]],
    });
    const links = recipes.flatMap((recipe) => {
      const recipeId = recipeIds.get(itemIds.get(recipe.resultExternalId)!);
      if (recipeId === undefined) return [];
      return recipe.ingredients.map((link) => ({ recipeId, ...link }));
    });
    await tx.query({
      name: 'market.seed.insert-ingredients',
      text: `INSERT INTO market.recipe_ingredient (recipe_id, item_id, quantity)
             SELECT * FROM unnest($1::int[], $2::int[], $3::int[])`,
      values: [
        links.map((link) => link.recipeId),
        links.map((link) => itemIds.get(link.itemExternalId)),
        links.map((link) => link.quantity),
      ],
    });
    await tx.query({
      name: 'market.seed.bump-recipes-version',
      text: 'UPDATE market.game SET recipes_version = recipes_version + 1 WHERE id = $1',
      values: [gameId],
    });
  }

  /** Replaces the effects of the seed's items; what is equal keeps its row and its id. */
  async replaceItemEffects(tx: Tx, gameId: number, effects: CatalogSeed['itemEffects']): Promise<void> {
    const itemIds = await this.mapItemIds(tx, gameId);
    const values = [
      effects.map((effect) => itemIds.get(effect.itemExternalId)),
      effects.map((effect) => effect.effectId),
    ];
    await tx.query({
      name: 'market.seed.delete-item-effects',
      text: `DELETE FROM market.item_effect e USING market.item i
             WHERE i.id = e.item_id AND i.game_id = $1
               AND (e.item_id, e.effect_id) NOT IN (SELECT * FROM unnest($2::int[], $3::int[]))`,
      values: [gameId, ...values],
    });
    await tx.query({
      name: 'market.seed.upsert-item-effects',
      text: `INSERT INTO market.item_effect AS e (item_id, effect_id, min_value, position)
             SELECT * FROM unnest($1::int[], $2::int[], $3::int[], $4::int[])
             ON CONFLICT (item_id, effect_id) DO UPDATE
               SET min_value = excluded.min_value, max_value = excluded.max_value, position = excluded.position
               WHERE (e.min_value, e.max_value, e.position)
                 IS DISTINCT FROM (excluded.min_value, excluded.max_value, excluded.position)`,
      values: [...values, effects.map((effect) => effect.value), effects.map((effect) => effect.position)],
    });
  }

  private async mapItemIds(tx: Tx, gameId: number): Promise<Map<number, number>> {
    const rows = await tx.query<{ externalId: number; id: number }>({
      name: 'market.seed.list-item-ids',
      text: 'SELECT external_id AS "externalId", id FROM market.item WHERE game_id = $1 AND external_id IS NOT NULL',
      values: [gameId],
    });
    return new Map(rows.map((row) => [row.externalId, row.id]));
  }
}
