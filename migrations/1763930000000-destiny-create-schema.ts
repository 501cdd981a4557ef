import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DestinyCreateSchema1763930000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SCHEMA destiny;
      COMMENT ON SCHEMA destiny IS 'Destiny 2: what is shared of the game, and what each player has of it';
      GRANT USAGE ON SCHEMA destiny TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA destiny');
  }
}
