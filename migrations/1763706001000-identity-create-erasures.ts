import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IdentityCreateErasures1763706001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nobody asks for these in a user's own scope: an account that is being erased has no caller any more.
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- Accounts on their way out. No foreign key: the row outlives the account for a while, so that what was under way when
      -- it went is swept up behind it.
      CREATE TABLE identity.erasure (
        user_id uuid NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_erasure PRIMARY KEY (user_id)
      );
      COMMENT ON TABLE identity.erasure IS 'owner=user; erase=identity';

      -- Which handlers have done their part.
      CREATE TABLE identity.erasure_step (
        user_id uuid NOT NULL,
        handler text NOT NULL,
        finished_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_erasure_step PRIMARY KEY (user_id, handler),
        CONSTRAINT fk_erasure_step_erasure FOREIGN KEY (user_id) REFERENCES identity.erasure (user_id) ON DELETE CASCADE
      );
      COMMENT ON TABLE identity.erasure_step IS 'owner=user; erase=identity';
      ${['erasure', 'erasure_step']
        .map(
          (table) => `
      ALTER TABLE identity.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY erasing ON identity.${table} TO ${system} USING (true) WITH CHECK (true);`,
        )
        .join('')}
      GRANT SELECT, INSERT, UPDATE, DELETE ON identity.erasure TO ${system};
      GRANT SELECT, INSERT, DELETE ON identity.erasure_step TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE identity.erasure_step, identity.erasure');
  }
}
