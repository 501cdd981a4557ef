import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['run_import', 'run_import_item'];

export class RunningCreateImports1764003000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A file of runs, or an archive of such, that a job works through. file_id is its place in the store until it is finished.
      CREATE TABLE running.run_import (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        file_id uuid,
        job_id uuid NOT NULL,
        kind text NOT NULL,
        size_bytes bigint NOT NULL,
        entry_count integer,
        next_entry integer NOT NULL DEFAULT 0,
        imported_count integer NOT NULL DEFAULT 0,
        duplicate_count integer NOT NULL DEFAULT 0,
        refused_count integer NOT NULL DEFAULT 0,
        refusal_code text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_run_import PRIMARY KEY (id),
        CONSTRAINT uq_run_import_owner UNIQUE (user_id, id),
        CONSTRAINT ck_run_import_kind CHECK (kind IN ('file', 'archive'))
      );

      -- What came of each activity of each file. run_id names a run that may be deleted since.
      CREATE TABLE running.run_import_item (
        user_id uuid NOT NULL,
        import_id uuid NOT NULL,
        entry integer NOT NULL,
        activity integer NOT NULL,
        name text,
        outcome text NOT NULL,
        code text,
        detail text,
        run_id uuid,
        started_at timestamptz,
        CONSTRAINT pk_run_import_item PRIMARY KEY (user_id, import_id, entry, activity),
        CONSTRAINT fk_run_import_item_import FOREIGN KEY (user_id, import_id)
          REFERENCES running.run_import (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_run_import_item_outcome CHECK (outcome IN ('imported', 'duplicate', 'refused'))
      );
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-imports';
        ALTER TABLE running.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON running.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON running.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON running.${table} TO ${app};
        GRANT SELECT, UPDATE, DELETE ON running.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE running.${table}`);
  }
}
