import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsAddModelsAndLookups1763920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What each model took part in, so that sums by model are the sums of all.
      ALTER TABLE agent_analytics.trace_figure ADD COLUMN models jsonb NOT NULL DEFAULT '[]';
      ALTER TABLE agent_analytics.agent_run ADD COLUMN models jsonb NOT NULL DEFAULT '[]';

      -- A score of a trace names it as scores of its observations do.
      UPDATE agent_analytics.score SET trace_id = subject_id WHERE subject_kind = 'trace' AND trace_id IS DISTINCT FROM subject_id;
      CREATE INDEX ix_score_trace ON agent_analytics.score (project_id, trace_id, at) WHERE trace_id IS NOT NULL;

      -- Pages ask for these while they are stored, as soon as anybody was erased.
      CREATE INDEX ix_trace_session ON agent_analytics.trace (project_id, session_id) WHERE session_id IS NOT NULL;
      CREATE INDEX ix_trace_player ON agent_analytics.trace (project_id, player_id) WHERE player_id IS NOT NULL;
      CREATE INDEX ix_observation_session ON agent_analytics.observation (project_id, (trace_context ->> 'sessionId'))
        WHERE (trace_context ->> 'sessionId') IS NOT NULL;
      CREATE INDEX ix_observation_player ON agent_analytics.observation (project_id, (trace_context ->> 'userId'))
        WHERE (trace_context ->> 'userId') IS NOT NULL;

      -- What has been copied already gets its models with the next run.
      INSERT INTO agent_analytics.dirty_trace (project_id, trace_id)
      SELECT project_id, trace_id FROM agent_analytics.trace_figure
      UNION SELECT project_id, trace_id FROM agent_analytics.agent_run;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX agent_analytics.ix_observation_player, agent_analytics.ix_observation_session, agent_analytics.ix_trace_player,
        agent_analytics.ix_trace_session, agent_analytics.ix_score_trace;
      ALTER TABLE agent_analytics.agent_run DROP COLUMN models;
      ALTER TABLE agent_analytics.trace_figure DROP COLUMN models;
    `);
  }
}
