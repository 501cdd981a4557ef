import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateGaps1763903000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      ALTER TABLE agent_analytics.trace_figure ADD COLUMN compatibility double precision;
      ALTER TABLE agent_analytics.session_figure ADD COLUMN compatibility double precision;
      ALTER TABLE agent_analytics.agent_run ADD COLUMN error_type text;
      CREATE INDEX ix_session_figure_first_at ON agent_analytics.session_figure (project_id, first_at);

      CREATE TABLE agent_analytics.trace_gap (
        project_id text NOT NULL,
        trace_id text NOT NULL,
        kind text NOT NULL,
        agent text NOT NULL,
        environment text NOT NULL,
        at timestamptz NOT NULL,
        count integer NOT NULL,
        CONSTRAINT pk_trace_gap PRIMARY KEY (project_id, trace_id, kind, agent)
      );
      CREATE INDEX ix_trace_gap_at ON agent_analytics.trace_gap (project_id, at);
      COMMENT ON TABLE agent_analytics.trace_gap IS 'owner=none; erase=none';
      GRANT SELECT ON agent_analytics.trace_gap TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.trace_gap TO ${system};

      -- What has been copied already gets the new figures with the next run.
      INSERT INTO agent_analytics.dirty_trace (project_id, trace_id)
      SELECT project_id, id FROM agent_analytics.trace
      UNION SELECT project_id, trace_id FROM agent_analytics.observation WHERE trace_id IS NOT NULL
      ON CONFLICT DO NOTHING;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE agent_analytics.trace_gap;
      DROP INDEX agent_analytics.ix_session_figure_first_at;
      ALTER TABLE agent_analytics.agent_run DROP COLUMN error_type;
      ALTER TABLE agent_analytics.session_figure DROP COLUMN compatibility;
      ALTER TABLE agent_analytics.trace_figure DROP COLUMN compatibility;
    `);
  }
}
