import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['trace_figure', 'session_figure', 'agent_run', 'chapter_day', 'agent_day'];

export class AgentAnalyticsCreateFigures1763901100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Readers see these rows and no others. They follow from the raw rows alone, and are rebuilt in one transaction after a run.
      CREATE TABLE agent_analytics.trace_figure (
        project_id text NOT NULL,
        trace_id text NOT NULL,
        session_id text,
        environment text NOT NULL,
        release text,
        at timestamptz NOT NULL,
        at_text text NOT NULL,
        created_at timestamptz,
        created_text text,
        chapter text,
        chapter_number integer,
        mortal text,
        match text,
        player_id text,
        latency_s double precision,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        is_error boolean NOT NULL,
        has_end boolean NOT NULL,
        CONSTRAINT pk_trace_figure PRIMARY KEY (project_id, trace_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_trace_figure_at ON agent_analytics.trace_figure (project_id, at);
      CREATE INDEX ix_trace_figure_session ON agent_analytics.trace_figure (project_id, session_id) WHERE session_id IS NOT NULL;

      CREATE TABLE agent_analytics.session_figure (
        project_id text NOT NULL,
        session_id text NOT NULL,
        environment text NOT NULL,
        release text,
        player_id text,
        created_at timestamptz NOT NULL,
        created_text text NOT NULL,
        trace_count integer NOT NULL,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        latency_sum_s double precision NOT NULL,
        latency_count integer NOT NULL,
        mortal text,
        match text,
        max_chapter integer NOT NULL,
        has_end boolean NOT NULL,
        is_complete boolean NOT NULL,
        error_count integer NOT NULL,
        first_at timestamptz,
        first_text text,
        last_at timestamptz,
        last_text text,
        ended_at timestamptz,
        duration_s double precision,
        wall_s double precision,
        engaged_s double precision,
        CONSTRAINT pk_session_figure PRIMARY KEY (project_id, session_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_session_figure_created_at ON agent_analytics.session_figure (project_id, created_at, session_id);

      CREATE TABLE agent_analytics.agent_run (
        project_id text NOT NULL,
        observation_id text NOT NULL,
        trace_id text NOT NULL,
        name text NOT NULL,
        environment text NOT NULL,
        model text,
        at timestamptz NOT NULL,
        at_text text NOT NULL,
        latency_ms double precision,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        is_error boolean NOT NULL,
        CONSTRAINT pk_agent_run PRIMARY KEY (project_id, trace_id, observation_id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_agent_run_name ON agent_analytics.agent_run (project_id, name, at, observation_id);
      CREATE INDEX ix_agent_run_at ON agent_analytics.agent_run (project_id, at);

      -- Days of UTC. chapter '' = traces without one.
      CREATE TABLE agent_analytics.chapter_day (
        project_id text NOT NULL,
        on_date date NOT NULL,
        chapter text NOT NULL,
        trace_count integer NOT NULL,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        latency_sum_s double precision NOT NULL,
        latency_count integer NOT NULL,
        error_count integer NOT NULL,
        CONSTRAINT pk_chapter_day PRIMARY KEY (project_id, on_date, chapter)
      );

      CREATE TABLE agent_analytics.agent_day (
        project_id text NOT NULL,
        on_date date NOT NULL,
        name text NOT NULL,
        run_count integer NOT NULL,
        error_count integer NOT NULL,
        latency_sum_ms double precision NOT NULL,
        latency_count integer NOT NULL,
        cost_usd double precision NOT NULL,
        total_tokens double precision NOT NULL,
        hour_counts integer[] NOT NULL,
        CONSTRAINT pk_agent_day PRIMARY KEY (project_id, on_date, name)
      );
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE agent_analytics.${table} IS 'owner=none; erase=none';
        GRANT SELECT ON agent_analytics.${table} TO ${app};
        GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE ${TABLES.map((table) => `agent_analytics.${table}`).join(', ')}`);
  }
}
