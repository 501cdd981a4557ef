import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdentityAddPendingAddress1763713002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The address that an account is about to have, until somebody has shown to read its mailbox. Several may want one; it is taken by
      -- whoever confirms it first.
      ALTER TABLE identity.account ADD COLUMN pending_email text;
      ALTER TABLE identity.account ADD CONSTRAINT ck_account_pending_email CHECK (pending_email = lower(pending_email));
      ALTER TABLE identity.one_time_token DROP CONSTRAINT ck_one_time_token_kind;
      ALTER TABLE identity.one_time_token ADD CONSTRAINT ck_one_time_token_kind
        CHECK (kind IN ('password-reset', 'email-verification', 'ws-ticket', 'email-change'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM identity.one_time_token WHERE kind = 'email-change';
      ALTER TABLE identity.one_time_token DROP CONSTRAINT ck_one_time_token_kind;
      ALTER TABLE identity.one_time_token ADD CONSTRAINT ck_one_time_token_kind
        CHECK (kind IN ('password-reset', 'email-verification', 'ws-ticket'));
      ALTER TABLE identity.account DROP COLUMN pending_email;
    `);
  }
}
