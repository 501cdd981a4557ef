import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Versions move with what happens beside them: an item that goes takes its place on lists along, and one that learns its category of a
 * price moves the figures that are held by category.
 */
export class MarketCountCascades1763906000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      GRANT UPDATE (version) ON market.list TO ${system};
      GRANT UPDATE (version) ON market.rollup_version, market.figure_version TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      REVOKE UPDATE (version) ON market.rollup_version, market.figure_version FROM ${app};
      REVOKE UPDATE (version) ON market.list FROM ${system};
    `);
  }
}
