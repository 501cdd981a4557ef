import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { ENTITIES } from '../../app.entities.js';

/**
 * Migrations are written by hand, entities describe what they make. `synchronize` is never used; its comparison is, so that
 * a column, constraint or index which only one side knows is found on the day it is written.
 */
let units: TestUnits;
let dataSource: DataSource;

beforeAll(async () => {
  units = await openUnits();
  dataSource = new DataSource({
    type: 'postgres',
    url: units.url,
    schema: 'platform',
    entities: [...ENTITIES] as (() => void)[],
    installExtensions: false,
    extra: { max: 1 },
  });
  await dataSource.initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await units.close();
});

async function changes(): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

describe('entities and migrations', () => {
  it('agree: TypeORM finds nothing to change', async () => {
    expect(await changes()).toEqual([]);
  });

  it("know every table: only partitions and TypeORM's own ledger have no entity", async () => {
    const described = dataSource.entityMetadatas.map(
      ({ schema, tableName }) => `${schema ?? ''}.${tableName}`,
    );
    const tables = await units.owner<{ name: string }>(
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND n.nspname NOT IN ('information_schema', 'bullmq') AND n.nspname NOT LIKE 'pg\\_%'`,
    );
    const found = tables.map(({ name }) => name).filter((name) => name !== 'platform.migration');
    expect(found.sort()).toEqual(described.sort());
  });

  // Each change comes on top of those before it: the comparison must find one more thing to do.
  it.each([
    ['a column', 'ALTER TABLE market.item ADD COLUMN planted int'],
    ['a type', 'ALTER TABLE market.job ALTER COLUMN icon_id TYPE bigint'],
    ['a column that may be null', 'ALTER TABLE market.server ALTER COLUMN name DROP NOT NULL'],
    ['a default', "ALTER TABLE market.source ALTER COLUMN version SET DEFAULT 'x'"],
    ['a new index', 'CREATE INDEX ix_planted ON platform.idempotency_key (status)'],
    ['an index of another kind', 'DROP INDEX market.ix_item_label_fold_trgm'],
    ['an index of partitions', 'DROP INDEX market.ix_observation_id_brin'],
    ['a foreign key', 'ALTER TABLE market.recipe DROP CONSTRAINT fk_recipe_job'],
    ['a unique constraint', 'ALTER TABLE market.category DROP CONSTRAINT uq_category_game_name'],
    ['a check', 'ALTER TABLE market.observation DROP CONSTRAINT ck_observation_lots'],
    ['a comment', "COMMENT ON TABLE market.game IS 'owner=user; erase=none'"],
    ['a table', 'DROP TABLE market.recipe_ingredient'],
  ])('would disagree about %s', async (_what, sql) => {
    const before = await changes();
    await units.owner(sql);
    expect((await changes()).length).toBeGreaterThan(before.length);
  });
});
