import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stored prices in whose place the lower ones of an import stand, as the answer to a batch counts them. */
export class MarketCountDisplaced1763906100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE market.history_import ADD COLUMN displaced_count bigint NOT NULL DEFAULT 0',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE market.history_import DROP COLUMN displaced_count');
  }
}
