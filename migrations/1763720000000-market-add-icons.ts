import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketAddIcons1763720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A file of the platform's own in the store; nothing was ever written to the path.
      ALTER TABLE market.item DROP COLUMN icon_path, ADD COLUMN icon_id uuid;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE market.item DROP COLUMN icon_id, ADD COLUMN icon_path text');
  }
}
