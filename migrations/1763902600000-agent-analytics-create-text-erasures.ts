import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateTextErasures1763902600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- Whose texts are not kept: Langfuse still has them, and gives them again. Players by a digest, since their ids are erased too.
      CREATE TABLE agent_analytics.text_erasure (
        project_id text NOT NULL,
        kind text NOT NULL,
        key text NOT NULL,
        erased_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_text_erasure PRIMARY KEY (project_id, kind, key),
        CONSTRAINT ck_text_erasure_kind CHECK (kind IN ('session', 'player', 'trace'))
      );
      COMMENT ON TABLE agent_analytics.text_erasure IS 'owner=none; erase=none';
      GRANT SELECT, INSERT ON agent_analytics.text_erasure TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.text_erasure');
  }
}
