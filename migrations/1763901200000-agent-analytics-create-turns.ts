import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateTurns1763901200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Turns of sessions, without a word of players: what was offered is the game's, and what was picked is its letter.
      CREATE TABLE agent_analytics.turn (
        project_id text NOT NULL,
        session_id text NOT NULL,
        ordinal integer NOT NULL,
        at timestamptz NOT NULL,
        environment text NOT NULL,
        chapter text,
        latency_ms double precision NOT NULL,
        rest_ms double precision,
        offered jsonb NOT NULL,
        picked_key text,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        CONSTRAINT pk_turn PRIMARY KEY (project_id, session_id, ordinal)
      );
      CREATE INDEX ix_turn_at ON agent_analytics.turn (project_id, at);
      COMMENT ON TABLE agent_analytics.turn IS 'owner=none; erase=none';
      GRANT SELECT ON agent_analytics.turn TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.turn TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE agent_analytics.turn');
  }
}
