import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What If-Match speaks of: changes of a profile, of a list with its items, and of what selling costs anywhere in a game. */
export class MarketCountVersions1763898100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE market.profile ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE market.list ADD COLUMN version integer NOT NULL DEFAULT 1;
      ALTER TABLE market.game ADD COLUMN terms_version integer NOT NULL DEFAULT 1;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE market.game DROP COLUMN terms_version;
      ALTER TABLE market.list DROP COLUMN version;
      ALTER TABLE market.profile DROP COLUMN version;
    `);
  }
}
