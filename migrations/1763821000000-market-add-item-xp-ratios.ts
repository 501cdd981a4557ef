import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketAddItemXpRatios1763821000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Percent of the usual crafting experience, where an item's own differs from its type's.
      ALTER TABLE market.item ADD COLUMN craft_xp_ratio integer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE market.item DROP COLUMN craft_xp_ratio');
  }
}
