import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dumps are kept for so many days (MARKET_DUMP_DAYS). */
export class MarketForgetDumps1763898200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT DELETE ON market.dump TO ${await systemRole(runner)}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`REVOKE DELETE ON market.dump FROM ${await systemRole(runner)}`);
  }
}

async function systemRole(runner: QueryRunner): Promise<string> {
  const [row] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
    { system: string },
  ];
  return row.system;
}
