import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['run_analysis', 'best_effort'];

export class RunningCreateAnalyses1764004000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Figures of a run's track that depend on no setting of the runner. Heart rates are seconds by beat, from heart_rate_from_bpm on.
      CREATE TABLE running.run_analysis (
        run_id uuid NOT NULL,
        user_id uuid NOT NULL,
        rules_version integer NOT NULL,
        track_version integer NOT NULL,
        distance_basis text NOT NULL,
        active_time_s double precision NOT NULL,
        grade_adjusted_pace_s_per_km double precision,
        energy_adjusted_pace_s_per_km double precision,
        normalised_speed_mps double precision,
        steady_speed_mps double precision,
        steady_heart_rate_bpm double precision,
        decoupling_pct double precision,
        stride_length_m double precision,
        sustained_heart_rate_bpm smallint,
        heart_rate_from_bpm smallint,
        heart_rate_seconds real[],
        splits_km jsonb NOT NULL,
        splits_mi jsonb NOT NULL,
        analysed_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_analysis PRIMARY KEY (run_id),
        CONSTRAINT fk_run_analysis_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_run_analysis_distance_basis CHECK (distance_basis = ANY (ARRAY['device'::text, 'gps'::text, 'none'::text])),
        CONSTRAINT ck_run_analysis_heart_rate CHECK ((heart_rate_from_bpm IS NULL) = (heart_rate_seconds IS NULL))
      );
      CREATE INDEX ix_run_analysis_owner ON running.run_analysis (user_id, run_id);

      CREATE TABLE running.best_effort (
        run_id uuid NOT NULL,
        distance_m double precision NOT NULL,
        user_id uuid NOT NULL,
        elapsed_time_s double precision NOT NULL,
        start_m double precision NOT NULL,
        start_s double precision NOT NULL,
        CONSTRAINT pk_best_effort PRIMARY KEY (run_id, distance_m),
        CONSTRAINT fk_best_effort_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_best_effort_owner ON running.best_effort (user_id, run_id);
      CREATE INDEX ix_best_effort_time ON running.best_effort (user_id, distance_m, elapsed_time_s);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-analyses';
        ALTER TABLE running.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON running.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON running.${table} TO ${system} USING (true);
        GRANT SELECT ON running.${table} TO ${app};
        GRANT SELECT, INSERT, UPDATE, DELETE ON running.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE running.${table}`);
  }
}
