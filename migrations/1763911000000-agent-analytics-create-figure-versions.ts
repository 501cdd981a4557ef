import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateFigureVersions1763911000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A new one with every transaction that rebuilds figures. It counts nothing, so a database that was restored has none twice.
      CREATE TABLE agent_analytics.figure_version (
        project_id text NOT NULL,
        version uuid NOT NULL,
        CONSTRAINT pk_figure_version PRIMARY KEY (project_id)
      );
      COMMENT ON TABLE agent_analytics.figure_version IS 'owner=none; erase=none';
      GRANT SELECT ON agent_analytics.figure_version TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.figure_version TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.figure_version');
  }
}
