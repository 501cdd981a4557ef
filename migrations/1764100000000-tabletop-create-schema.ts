import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TabletopCreateSchema1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SCHEMA tabletop;
      COMMENT ON SCHEMA tabletop IS 'Campaigns: what their groups know, who may see it, and how it is found';
      GRANT USAGE ON SCHEMA tabletop TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA tabletop');
  }
}
