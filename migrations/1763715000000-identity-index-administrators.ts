import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdentityIndexAdministrators1763715000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whoever leaves or loses a role as an administrator asks whether others are left.
      CREATE INDEX ix_account_administrator ON identity.account (id)
        WHERE role = 'administrator' AND locked_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX identity.ix_account_administrator');
  }
}
