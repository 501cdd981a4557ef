import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RunningCreateSchema1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SCHEMA running;
      COMMENT ON SCHEMA running IS 'Runs, where they went, and races against ghosts';
      GRANT USAGE ON SCHEMA running TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA running');
  }
}
