import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsAppendDirtyMarks1763910000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    // A mark that already stands may be taken by a rebuild that does not see yet what the next page writes: each page leaves its own.
    for (const [table, column] of [
      ['dirty_trace', 'trace_id'],
      ['dirty_session', 'session_id'],
    ])
      await runner.query(`
        ALTER TABLE agent_analytics.${table} DROP CONSTRAINT pk_${table},
          ADD COLUMN mark bigint GENERATED ALWAYS AS IDENTITY,
          ADD CONSTRAINT pk_${table} PRIMARY KEY (project_id, ${column}, mark);
      `);
    await runner.query(`
      -- Projects of which everything is out of date, until a rebuild has marked their traces and sessions one by one.
      CREATE TABLE agent_analytics.dirty_project (
        project_id text NOT NULL,
        mark bigint GENERATED ALWAYS AS IDENTITY,
        CONSTRAINT pk_dirty_project PRIMARY KEY (project_id, mark)
      );
      COMMENT ON TABLE agent_analytics.dirty_project IS 'owner=none; erase=none';
      GRANT INSERT ON agent_analytics.dirty_project TO ${app};
      GRANT SELECT, INSERT, DELETE ON agent_analytics.dirty_project TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.dirty_project');
    for (const [table, column] of [
      ['dirty_session', 'session_id'],
      ['dirty_trace', 'trace_id'],
    ])
      await runner.query(`
        DELETE FROM agent_analytics.${table} d USING agent_analytics.${table} older
        WHERE (d.project_id, d.${column}) = (older.project_id, older.${column}) AND d.mark > older.mark;
        ALTER TABLE agent_analytics.${table} DROP COLUMN mark,
          ADD CONSTRAINT pk_${table} PRIMARY KEY (project_id, ${column});
      `);
  }
}
