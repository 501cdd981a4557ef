import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketAddImportTouchedAt1763693000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Imports that nothing has happened to for a week are given up; what lies there already has its week from now on.
      ALTER TABLE market.history_import ADD COLUMN touched_at timestamptz NOT NULL DEFAULT now();
      CREATE INDEX ix_history_import_touched_at ON market.history_import (touched_at) WHERE finished_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE market.history_import DROP COLUMN touched_at');
  }
}
