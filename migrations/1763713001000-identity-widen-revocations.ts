import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdentityWidenRevocations1763713001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What processes remember of keys, and of people of other issuers, is taken back in the same way as tokens are.
      ALTER TABLE identity.revocation DROP CONSTRAINT ck_revocation_kind;
      ALTER TABLE identity.revocation ADD CONSTRAINT ck_revocation_kind
        CHECK (kind IN ('session', 'key', 'account', 'signing-key', 'data-key', 'identity'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identity.revocation WHERE kind IN ('signing-key', 'data-key', 'identity');
      ALTER TABLE identity.revocation DROP CONSTRAINT ck_revocation_kind;
      ALTER TABLE identity.revocation ADD CONSTRAINT ck_revocation_kind CHECK (kind IN ('session', 'key', 'account'));
    `);
  }
}
