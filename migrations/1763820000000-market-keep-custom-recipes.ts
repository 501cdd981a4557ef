import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketKeepCustomRecipes1763820000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app }] = (await runner.query("SELECT quote_ident(current_user || '_app') AS app")) as [
      { app: string },
    ];
    await runner.query(`
      -- Moves with every change of a recipe: the tag of what is made of recipes.
      ALTER TABLE market.game ADD COLUMN recipes_version integer NOT NULL DEFAULT 1;
      ALTER TABLE market.recipe
        ADD COLUMN is_custom boolean NOT NULL DEFAULT false,
        ADD COLUMN made_by uuid,
        ADD CONSTRAINT ck_recipe_made_by CHECK (is_custom OR made_by IS NULL);
      CREATE INDEX ix_recipe_made_by ON market.recipe (made_by) WHERE made_by IS NOT NULL;
      GRANT UPDATE (recipes_version) ON market.game TO ${app};
      GRANT INSERT, UPDATE, DELETE ON market.recipe, market.recipe_ingredient TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ app }] = (await runner.query("SELECT quote_ident(current_user || '_app') AS app")) as [
      { app: string },
    ];
    await runner.query(`
      REVOKE INSERT, UPDATE, DELETE ON market.recipe, market.recipe_ingredient FROM ${app};
      REVOKE UPDATE (recipes_version) ON market.game FROM ${app};
      DROP INDEX market.ix_recipe_made_by;
      ALTER TABLE market.recipe DROP CONSTRAINT ck_recipe_made_by, DROP COLUMN made_by, DROP COLUMN is_custom;
      ALTER TABLE market.game DROP COLUMN recipes_version;
    `);
  }
}
