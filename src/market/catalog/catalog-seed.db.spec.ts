import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { insertServer } from '../../../test/factories/server.factory.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { packageRoot } from '../../platform/config/package-root.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type CatalogSeed, readCatalogSeed } from './catalog-seed.reader.js';
import { CatalogSeedRepository } from './catalog-seed.repository.js';
import { CatalogSeedService } from './catalog-seed.service.js';
import { foldName } from './fold-name.js';
import { ItemsRepository } from './items.repository.js';

const TABLES = [
  'game',
  'server',
  'category',
  'item_type',
  'job',
  'item',
  'recipe',
  'recipe_ingredient',
  'item_effect',
];

let units: TestUnits;
let seed: CatalogSeedService;

beforeAll(async () => {
  units = await openUnits();
  seed = new CatalogSeedService(units.system, new CatalogSeedRepository(), new ItemsRepository());
});

afterAll(() => units.close());

async function counts(): Promise<Record<string, number>> {
  const entries = TABLES.map(async (table) => {
    const [row] = await units.owner<{ n: number }>(`SELECT count(*)::int AS n FROM market.${table}`);
    return [table, row!.n] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Fingerprint of rows, but for the counter of seeds applied; with `isPhysical` also of which transaction wrote them. */
async function fingerprints(isPhysical: boolean): Promise<Record<string, string>> {
  const entries = TABLES.map(async (table) => {
    const [row] = await units.owner<{ hash: string }>(
      `SELECT md5(string_agg((to_jsonb(t) - 'recipes_version')::text ${isPhysical ? '|| t.xmin || t.ctid' : ''}, E'\\n' ORDER BY t::text)) AS hash
       FROM market.${table} t`,
    );
    return [table, row!.hash] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface Label {
  externalId: number;
  name: string | null;
  label: string;
  labelFold: string;
}

function labels(): Promise<Label[]> {
  return units.owner<Label>(
    `SELECT external_id AS "externalId", name, label, label_fold AS "labelFold" FROM market.item ORDER BY external_id`,
  );
}

const SHIPPED = {
  game: 1,
  server: 13,
  category: 6,
  item_type: 220,
  job: 22,
  item: 8_424,
  recipe: 4_402,
  recipe_ingredient: 22_987,
  item_effect: 254,
};

/** Between its statements autovacuum comes by, as it may at any time, and finds no committed row anywhere. */
class AnalysedMeanwhile extends CatalogSeedRepository {
  override async replaceRecipes(tx: Tx, ...facts: [number, CatalogSeed['recipes']]): Promise<void> {
    const analysing: Tx = {
      ...tx,
      query: async (statement) => {
        for (const table of TABLES) await units.owner(`ANALYZE market.${table}`);
        return tx.query(statement);
      },
    };
    await super.replaceRecipes(analysing, ...facts);
  }
}

describe('the shipped catalogue', () => {
  it('is there as a whole', async () => {
    expect(await counts()).toEqual(SHIPPED);
    expect((await labels()).filter(({ name }) => name !== null)).toHaveLength(7_744);
  });

  it('labels every item once: by its name, of equal names the lowest id first, else by its id', async () => {
    const all = await labels();
    expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
    const taken = new Set<string>();
    for (const { externalId, name, label, labelFold } of all) {
      const plain = name ?? `#${externalId}`;
      expect(label).toBe(taken.has(plain) ? `${plain} (${externalId})` : plain);
      expect(labelFold).toBe(foldName(label));
      taken.add(label);
    }
  });

  it('holds every fact of the file', async () => {
    const file = readCatalogSeed(join(packageRoot(), 'seeds', 'market', 'dofus.json.gz'));
    const items = await units.owner(
      `SELECT i.external_id AS "externalId", i.name AS "nameFr", i.name_en AS "nameEn", i.level, c.name AS category, t.external_id AS "typeId"
       FROM market.item i LEFT JOIN market.category c ON c.id = i.category_id LEFT JOIN market.item_type t ON t.id = i.item_type_id
       ORDER BY i.external_id`,
    );
    expect(items).toEqual(file.items);
    const recipes = await units.owner(
      `SELECT i.external_id AS "resultExternalId", j.external_id AS "jobId", r.level,
         (SELECT json_agg(json_build_object('itemExternalId', n.external_id, 'quantity', g.quantity) ORDER BY n.external_id)
          FROM market.recipe_ingredient g JOIN market.item n ON n.id = g.item_id WHERE g.recipe_id = r.id) AS ingredients
       FROM market.recipe r JOIN market.item i ON i.id = r.result_item_id LEFT JOIN market.job j ON j.id = r.job_id
       ORDER BY i.external_id`,
    );
    const byId = <T extends { itemExternalId: number }>(links: T[]): T[] =>
      [...links].sort((x, y) => x.itemExternalId - y.itemExternalId);
    expect(recipes).toEqual(
      file.recipes.map((recipe) => ({ ...recipe, ingredients: byId(recipe.ingredients) })),
    );
    const effects = await units.owner(
      `SELECT i.external_id AS "itemExternalId", e.effect_id AS "effectId", e.min_value AS value, e.position
       FROM market.item_effect e JOIN market.item i ON i.id = e.item_id ORDER BY i.external_id, e.position`,
    );
    expect(effects).toEqual(file.itemEffects);
    expect(file.itemEffects).toHaveLength(254);
  });

  it('is not written again while the file is the same', async () => {
    const before = await fingerprints(true);
    expect(await seed.applyDofus()).toBe(false);
    expect(await fingerprints(true)).toEqual(before);
  });

  it('changes nothing when it is applied again after all', async () => {
    const before = await fingerprints(false);
    await units.owner('UPDATE market.game SET catalog_checksum = NULL');
    expect(await seed.applyDofus()).toBe(true);
    expect(await counts()).toEqual(SHIPPED);
    expect(await fingerprints(false)).toEqual(before);
  });

  it('leaves alone what a curator has corrected, and takes away effects that the file does not have', async () => {
    await units.owner('UPDATE market.item SET level = 99, curated_at = now() WHERE external_id = 44');
    await units.owner(
      'INSERT INTO market.item_effect (item_id, effect_id, min_value, position) VALUES (1, 999, 5, 0)',
    );
    await units.owner('UPDATE market.game SET catalog_checksum = NULL');
    expect(await seed.applyDofus()).toBe(true);
    const corrected = await units.owner('SELECT level, is_shipped FROM market.item WHERE external_id = 44');
    expect(corrected).toEqual([{ level: 99, is_shipped: true }]);
    expect(await counts()).toEqual(SHIPPED);
    await units.owner('UPDATE market.item SET level = 7, curated_at = NULL WHERE external_id = 44');
  });

  it('moves the versions of servers that show an item whose facts it corrects, and keeps a category that the file lacks', async () => {
    const [shows, other] = [await insertServer(units), await insertServer(units)];
    const [item] = await units.owner<{ id: number; category_id: number }>(
      'SELECT id, category_id FROM market.item WHERE category_id IS NOT NULL AND curated_at IS NULL ORDER BY id LIMIT 1',
    );
    const [unfiled] = await units.owner<{ id: number }>(
      'SELECT id FROM market.item WHERE category_id IS NULL AND curated_at IS NULL ORDER BY id LIMIT 1',
    );
    await units.owner("INSERT INTO market.source (name) VALUES ('spec') ON CONFLICT DO NOTHING");
    for (const { id } of [shows, other]) {
      for (const table of ['server_version', 'figure_version'])
        await units.owner(`INSERT INTO market.${table} (server_id, version) VALUES ($1, 1)`, [id]);
      await units.owner(
        'INSERT INTO market.rollup_version (server_id, as_of, version) VALUES ($1, current_date, 1)',
        [id],
      );
    }
    await units.owner(
      `INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
       SELECT $1, $2, 5, now(), 1, min(id), 1 FROM market.source`,
      [shows.id, item!.id],
    );
    const versions = async (table: string): Promise<number[]> => {
      const rows = await units.owner<{ version: number }>(
        `SELECT version::float8 FROM market.${table} WHERE server_id = ANY ($1) ORDER BY server_id`,
        [[shows.id, other.id]],
      );
      return rows.map(({ version }) => version);
    };
    const apply = async (): Promise<void> => {
      await units.owner('UPDATE market.game SET catalog_checksum = NULL');
      expect(await seed.applyDofus()).toBe(true);
    };
    await apply();
    for (const table of ['server_version', 'rollup_version', 'figure_version'])
      expect(await versions(table)).toEqual([1, 1]);
    await units.owner(
      'UPDATE market.item SET category_id = (SELECT max(id) FROM market.category WHERE id <> $2) WHERE id = $1',
      [item!.id, item!.category_id],
    );
    await units.owner('UPDATE market.item SET category_id = $2 WHERE id = $1', [
      unfiled!.id,
      item!.category_id,
    ]);
    await apply();
    for (const table of ['server_version', 'rollup_version', 'figure_version'])
      expect(await versions(table)).toEqual([2, 1]);
    const categories = await units.owner('SELECT category_id FROM market.item WHERE id = ANY ($1)', [
      [item!.id, unfiled!.id],
    ]);
    expect(categories).toEqual([{ category_id: item!.category_id }, { category_id: item!.category_id }]);
    await units.owner('UPDATE market.item SET category_id = NULL WHERE id = $1', [unfiled!.id]);
    for (const table of ['latest', 'server_version', 'rollup_version', 'figure_version'])
      await units.owner(`DELETE FROM market.${table}`);
    await units.owner('DELETE FROM market.server WHERE id = ANY ($1)', [[shows.id, other.id]]);
  });

  it('leaves alone recipes that were made or changed here', async () => {
    const [changed] = await units.owner<{ id: number }>(
      'UPDATE market.recipe SET is_custom = true, level = 3 WHERE id = (SELECT min(id) FROM market.recipe) RETURNING id',
    );
    const linksOf = (): Promise<object[]> =>
      units.owner(
        'SELECT item_id, quantity FROM market.recipe_ingredient WHERE recipe_id = $1 ORDER BY item_id',
        [changed!.id],
      );
    await units.owner('UPDATE market.recipe_ingredient SET quantity = 77 WHERE recipe_id = $1', [
      changed!.id,
    ]);
    const before = await linksOf();
    await units.owner('UPDATE market.game SET catalog_checksum = NULL');
    expect(await seed.applyDofus()).toBe(true);
    expect(
      await units.owner('SELECT level, is_custom FROM market.recipe WHERE id = $1', [changed!.id]),
    ).toEqual([{ level: 3, is_custom: true }]);
    expect(await linksOf()).toEqual(before);
    await units.owner('UPDATE market.recipe SET is_custom = false WHERE id = $1', [changed!.id]);
    await units.owner('UPDATE market.game SET catalog_checksum = NULL');
    await seed.applyDofus();
  });

  it('leaves alone what clients have added, and gives its own facts to what they saw first', async () => {
    const [victim] = await units.owner<Label & { id: number }>(
      `SELECT i.id, external_id AS "externalId", name, label FROM market.item i
       WHERE name IS NOT NULL AND level IS NOT NULL AND label = name AND NOT EXISTS (SELECT FROM market.recipe_ingredient g WHERE g.item_id = i.id)
         AND NOT EXISTS (SELECT FROM market.recipe r WHERE r.result_item_id = i.id)
         AND (SELECT count(*) FROM market.item o WHERE o.name = i.name) = 1 ORDER BY id LIMIT 1`,
    );
    await units.owner('DELETE FROM market.item WHERE id = $1', [victim!.id]);
    const planted = await units.system.run(SYSTEM_PRINCIPAL, (tx) =>
      new ItemsRepository().insertItems(
        tx,
        1,
        [victim!.label, 'Of a client'].map((label) => ({
          externalId: null,
          name: label,
          label,
          labelFold: foldName(label),
          category: 'Of clients',
        })),
      ),
    );
    await units.owner('UPDATE market.game SET catalog_checksum = NULL');
    expect(await seed.applyDofus()).toBe(true);
    expect(await counts()).toMatchObject({ item: SHIPPED.item + 1, category: SHIPPED.category + 1 });
    const rows = await units.owner(
      `SELECT external_id AS "externalId", name, level IS NOT NULL AS "hasLevel" FROM market.item WHERE id = ANY ($1) ORDER BY id`,
      [planted],
    );
    expect(rows).toEqual([
      { externalId: victim!.externalId, name: victim!.name, hasLevel: true },
      { externalId: null, name: 'Of a client', hasLevel: false },
    ]);
  });

  it('is written once when two starters find it missing at the same time', async () => {
    await units.owner('TRUNCATE market.game RESTART IDENTITY CASCADE');
    expect(await counts()).toMatchObject({ item: 0, game: 0 });
    const written = await Promise.all([seed.applyDofus(), seed.applyDofus()]);
    expect(written.sort()).toEqual([false, true]);
    expect(await counts()).toEqual(SHIPPED);
  });

  it('is written in seconds even if the tables were called empty half-way', async () => {
    await units.owner('TRUNCATE market.game RESTART IDENTITY CASCADE');
    const analysed = new CatalogSeedService(units.system, new AnalysedMeanwhile(), new ItemsRepository());
    expect(await analysed.applyDofus()).toBe(true);
    expect(await counts()).toEqual(SHIPPED);
  });
});
