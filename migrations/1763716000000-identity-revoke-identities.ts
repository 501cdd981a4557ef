import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdentityRevokeIdentities1763716000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE identity.revocation
        DROP CONSTRAINT ck_revocation_kind,
        ADD CONSTRAINT ck_revocation_kind CHECK (kind IN ('session', 'key', 'account', 'identity'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identity.revocation WHERE kind = 'identity';
      ALTER TABLE identity.revocation
        DROP CONSTRAINT ck_revocation_kind,
        ADD CONSTRAINT ck_revocation_kind CHECK (kind IN ('session', 'key', 'account'));
    `);
  }
}
