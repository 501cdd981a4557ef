import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateHistoryImports1763691000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A file of old prices: sent in parts, then applied by a job. (next_part, next_row) moves in the transaction that stores
      -- the rows before it, so a job that dies goes on exactly where it was.
      CREATE TABLE market.history_import (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        server_id smallint NOT NULL,
        format text NOT NULL,
        job_id uuid,
        next_part integer NOT NULL DEFAULT 0,
        next_row integer NOT NULL DEFAULT 0,
        accepted_count bigint NOT NULL DEFAULT 0,
        duplicate_count bigint NOT NULL DEFAULT 0,
        rejected_count bigint NOT NULL DEFAULT 0,
        faults jsonb NOT NULL DEFAULT '[]',
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_history_import PRIMARY KEY (id),
        CONSTRAINT uq_history_import_user UNIQUE (user_id, id),
        CONSTRAINT fk_history_import_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT ck_history_import_format CHECK (format IN ('csv', 'ndjson'))
      );
      COMMENT ON TABLE market.history_import IS 'owner=user; erase=history-imports';

      CREATE TABLE market.history_import_part (
        user_id uuid NOT NULL,
        import_id uuid NOT NULL,
        part integer NOT NULL,
        size_bytes integer NOT NULL,
        body text NOT NULL,
        CONSTRAINT pk_history_import_part PRIMARY KEY (user_id, import_id, part),
        CONSTRAINT fk_history_import_part_import FOREIGN KEY (user_id, import_id)
          REFERENCES market.history_import (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_history_import_part_part CHECK (part >= 0)
      );
      COMMENT ON TABLE market.history_import_part IS 'owner=user; erase=history-imports';
      ${['history_import', 'history_import_part']
        .map(
          (table) => `
      ALTER TABLE market.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON market.${table} TO ${app}
        USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
      CREATE POLICY jobs ON market.${table} TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.${table} TO ${app};
      GRANT SELECT, UPDATE, DELETE ON market.${table} TO ${system};`,
        )
        .join('')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.history_import_part, market.history_import');
  }
}
