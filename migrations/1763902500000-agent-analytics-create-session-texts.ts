import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateSessionTexts1763902500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What sessions are found by. Words are cut and folded by the program, so that what is marked in an answer is what was found.
      CREATE TABLE agent_analytics.session_text (
        project_id text NOT NULL,
        session_id text NOT NULL,
        words tsvector NOT NULL,
        names tsvector NOT NULL,
        lines json NOT NULL,
        first_at timestamptz,
        CONSTRAINT pk_session_text PRIMARY KEY (project_id, session_id)
      );
      CREATE INDEX ix_session_text_words ON agent_analytics.session_text USING gin (words);
      COMMENT ON TABLE agent_analytics.session_text IS 'owner=none; erase=none';
      GRANT SELECT ON agent_analytics.session_text TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.session_text TO ${system};

      -- Sessions that are there already get theirs with the next run.
      INSERT INTO agent_analytics.dirty_session (project_id, session_id)
      SELECT project_id, session_id FROM agent_analytics.session_figure ON CONFLICT DO NOTHING;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.session_text');
  }
}
