import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateDirtyDays1763902000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- Days of UTC whose sums do not know yet of what was rebuilt in them; a long rebuild comes to them in a later transaction.
      CREATE TABLE agent_analytics.dirty_day (
        project_id text NOT NULL,
        on_date date NOT NULL,
        CONSTRAINT pk_dirty_day PRIMARY KEY (project_id, on_date)
      );
      COMMENT ON TABLE agent_analytics.dirty_day IS 'owner=none; erase=none';
      GRANT SELECT, INSERT, DELETE ON agent_analytics.dirty_day TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.dirty_day');
  }
}
