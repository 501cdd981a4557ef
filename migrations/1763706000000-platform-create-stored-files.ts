import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class PlatformCreateStoredFiles1763706000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What the file store holds, one row per file: the id is its name there. A file without a row is an orphan and is swept.
      CREATE TABLE platform.stored_file (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        purpose text NOT NULL,
        media_type text NOT NULL,
        size_bytes bigint NOT NULL,
        sha256 bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        CONSTRAINT pk_stored_file PRIMARY KEY (id),
        CONSTRAINT ck_stored_file_size_bytes CHECK (size_bytes >= 0),
        CONSTRAINT ck_stored_file_sha256 CHECK (length(sha256) = 32)
      );
      COMMENT ON TABLE platform.stored_file IS 'owner=user; erase=storage';
      CREATE INDEX ix_stored_file_user ON platform.stored_file (user_id, id);
      CREATE INDEX ix_stored_file_expires_at ON platform.stored_file (expires_at) WHERE expires_at IS NOT NULL;
      ALTER TABLE platform.stored_file ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON platform.stored_file TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      -- A signed link names the file and no user; jobs store exports; what has expired and who is erased goes.
      CREATE POLICY links_and_sweeps ON platform.stored_file TO ${system} USING (true) WITH CHECK (true);
      GRANT SELECT, INSERT, DELETE ON platform.stored_file TO ${app};
      GRANT SELECT, INSERT, DELETE ON platform.stored_file TO ${system};

      -- Whoever is erased is gone from the timings too.
      GRANT DELETE ON platform.api_performance_logs TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      REVOKE DELETE ON platform.api_performance_logs FROM ${system};
      DROP TABLE platform.stored_file;
    `);
  }
}
