import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateJobs1763689000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- The outbox: a job is a row of the business transaction, long before a queue knows of it and after it has forgotten.
      -- waiting (for its children) -> open -> relayed -> done | dead | cancelled.
      CREATE TABLE platform.job (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        queue text NOT NULL,
        payload jsonb NOT NULL,
        dedup_key text,
        state text NOT NULL DEFAULT 'open',
        run_at timestamptz NOT NULL DEFAULT now(),
        parent_id uuid,
        waiting_for integer NOT NULL DEFAULT 0,
        relay_count integer NOT NULL DEFAULT 0,
        attempts integer NOT NULL DEFAULT 0,
        is_cancel_requested boolean NOT NULL DEFAULT false,
        progress jsonb,
        error text,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        relayed_at timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT pk_job PRIMARY KEY (id),
        CONSTRAINT ck_job_state CHECK (state IN ('waiting', 'open', 'relayed', 'done', 'dead', 'cancelled'))
      ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
      COMMENT ON TABLE platform.job IS 'owner=user; erase=jobs';

      CREATE INDEX ix_job_open ON platform.job (run_at, id) WHERE state = 'open';
      CREATE INDEX ix_job_relayed ON platform.job (relayed_at) WHERE state = 'relayed';
      CREATE INDEX ix_job_finished ON platform.job (finished_at) WHERE state IN ('done', 'dead', 'cancelled');
      CREATE INDEX ix_job_parent ON platform.job (parent_id) WHERE parent_id IS NOT NULL;
      -- One job per key waits for its start; one that runs no longer counts, since it may have read before the newest change.
      CREATE UNIQUE INDEX uq_job_dedup_key ON platform.job (name, dedup_key)
        WHERE dedup_key IS NOT NULL AND state IN ('open', 'relayed') AND started_at IS NULL;

      ALTER TABLE platform.job ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON platform.job TO ${app}
        USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
      CREATE POLICY relay ON platform.job TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON platform.job TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.job TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.job');
  }
}
