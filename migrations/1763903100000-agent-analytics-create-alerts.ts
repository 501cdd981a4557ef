import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

export class AgentAnalyticsCreateAlerts1763903100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE agent_analytics.alert (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        project_id text NOT NULL,
        name text NOT NULL,
        rule jsonb NOT NULL,
        rearm_pct double precision NOT NULL,
        silence_h double precision,
        is_enabled boolean NOT NULL DEFAULT true,
        judged_end_at timestamptz,
        value double precision,
        is_fired boolean NOT NULL DEFAULT false,
        is_matching boolean NOT NULL DEFAULT false,
        fired_end_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_agent_alert PRIMARY KEY (id),
        CONSTRAINT ck_agent_alert_rearm_pct CHECK (rearm_pct >= 0 AND rearm_pct <= 1000),
        CONSTRAINT ck_agent_alert_silence_h CHECK (silence_h >= 0 AND silence_h <= 8760)
      );
      CREATE INDEX ix_agent_alert_user ON agent_analytics.alert (user_id);
      CREATE INDEX ix_agent_alert_project ON agent_analytics.alert (project_id, id) WHERE is_enabled;
      COMMENT ON TABLE agent_analytics.alert IS 'owner=user; erase=agent-alerts';
      ALTER TABLE agent_analytics.alert ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON agent_analytics.alert TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY platform_work ON agent_analytics.alert TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.alert TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.alert');
  }
}
