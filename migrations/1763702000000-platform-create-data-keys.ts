import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateDataKeys1763702000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- The key under which a user's secrets are sealed, itself sealed by a key of the installation. Without this row nothing
      -- that was sealed for the user can be read any more, backups of other tables included.
      CREATE TABLE platform.data_key (
        user_id uuid NOT NULL,
        id uuid NOT NULL,
        kid text NOT NULL,
        wrapped bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_data_key PRIMARY KEY (user_id),
        CONSTRAINT uq_data_key_id UNIQUE (id)
      );
      CREATE INDEX ix_data_key_kid ON platform.data_key (kid, user_id);
      COMMENT ON TABLE platform.data_key IS 'owner=user; erase=vault';

      ALTER TABLE platform.data_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON platform.data_key TO ${app}
        USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
      CREATE POLICY rotation ON platform.data_key TO ${system} USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, DELETE ON platform.data_key TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.data_key TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.data_key');
  }
}
