import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AgentAnalyticsCreateRawRows1763901000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SCHEMA agent_analytics;
      COMMENT ON SCHEMA agent_analytics IS 'What Langfuse holds of a game of agents, and the figures made of it; shared by all accounts';
      GRANT USAGE ON SCHEMA agent_analytics TO ${app}, ${system};

      -- Rows as Langfuse gives them. They come in any order, so none refers to another.
      CREATE TABLE agent_analytics.session (
        project_id text NOT NULL,
        id text NOT NULL,
        environment text NOT NULL,
        created_at timestamptz NOT NULL,
        created_text text NOT NULL,
        is_clamped boolean NOT NULL,
        content_hash uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        removed_at timestamptz,
        CONSTRAINT pk_session PRIMARY KEY (project_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_session_created_at ON agent_analytics.session (project_id, created_at);

      CREATE TABLE agent_analytics.trace (
        project_id text NOT NULL,
        id text NOT NULL,
        environment text NOT NULL,
        session_id text,
        at timestamptz NOT NULL,
        at_text text NOT NULL,
        name text,
        player_id text,
        release text,
        version text,
        tags text[] NOT NULL,
        facts jsonb NOT NULL,
        latency_s double precision,
        cost_usd double precision,
        created_at timestamptz,
        created_text text,
        updated_at timestamptz,
        is_clamped boolean NOT NULL,
        content_hash uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        removed_at timestamptz,
        CONSTRAINT pk_trace PRIMARY KEY (project_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_trace_at ON agent_analytics.trace (project_id, at);

      CREATE TABLE agent_analytics.observation (
        project_id text NOT NULL,
        id text NOT NULL,
        environment text NOT NULL,
        stands_for text NOT NULL,
        trace_id text,
        parent_id text,
        type text NOT NULL,
        name text,
        at timestamptz NOT NULL,
        at_text text NOT NULL,
        end_at timestamptz,
        end_text text,
        level text NOT NULL,
        status_message text,
        model text,
        facts jsonb NOT NULL,
        prompt_tokens double precision NOT NULL,
        completion_tokens double precision NOT NULL,
        total_tokens double precision NOT NULL,
        cost_usd double precision,
        prompt_name text,
        prompt_version double precision,
        version text,
        trace_context jsonb,
        created_at timestamptz,
        created_text text,
        updated_at timestamptz,
        is_clamped boolean NOT NULL,
        content_hash uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        removed_at timestamptz,
        CONSTRAINT pk_observation PRIMARY KEY (project_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_observation_trace ON agent_analytics.observation (project_id, trace_id);
      CREATE INDEX ix_observation_at ON agent_analytics.observation (project_id, at);

      CREATE TABLE agent_analytics.score (
        project_id text NOT NULL,
        id text NOT NULL,
        environment text NOT NULL,
        name text NOT NULL,
        data_type text NOT NULL,
        number_value double precision,
        text_value text,
        source text NOT NULL,
        at timestamptz NOT NULL,
        at_text text NOT NULL,
        comment text,
        subject_kind text,
        subject_id text,
        trace_id text,
        updated_at timestamptz,
        is_clamped boolean NOT NULL,
        content_hash uuid NOT NULL,
        requested_at timestamptz NOT NULL,
        removed_at timestamptz,
        CONSTRAINT pk_score PRIMARY KEY (project_id, id)
      ) WITH (fillfactor = 80);
      CREATE INDEX ix_score_at ON agent_analytics.score (project_id, at);
      CREATE INDEX ix_score_subject ON agent_analytics.score (project_id, subject_kind, subject_id);

      -- Texts, by far the most of it: a partition per month of the row's own time, dropped as a whole when it is old.
      CREATE TABLE agent_analytics.payload (
        project_id text NOT NULL,
        kind text NOT NULL,
        id text NOT NULL,
        at timestamptz NOT NULL,
        input json,
        output json,
        metadata json,
        CONSTRAINT pk_payload PRIMARY KEY (project_id, kind, id, at),
        CONSTRAINT ck_payload_kind CHECK (kind IN ('trace', 'observation'))
      ) PARTITION BY RANGE (at);

      -- What the derived rows do not know of yet; written with the rows.
      CREATE TABLE agent_analytics.dirty_trace (
        project_id text NOT NULL,
        trace_id text NOT NULL,
        CONSTRAINT pk_dirty_trace PRIMARY KEY (project_id, trace_id)
      );
      CREATE TABLE agent_analytics.dirty_session (
        project_id text NOT NULL,
        session_id text NOT NULL,
        CONSTRAINT pk_dirty_session PRIMARY KEY (project_id, session_id)
      );

      -- Made beside the parent and then attached, so that readers are not locked out.
      CREATE FUNCTION agent_analytics.ensure_payload_months(months date[]) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        month date;
        partition text;
        made integer := 0;
      BEGIN
        FOR month IN SELECT DISTINCT date_trunc('month', m::timestamp)::date FROM unnest(months) m ORDER BY 1 LOOP
          IF month < date '2010-01-01' OR month >= date '2100-01-01' THEN
            RAISE EXCEPTION 'months of payloads are from 2010 to 2099 only' USING ERRCODE = '22008';
          END IF;
          partition := 'payload_' || to_char(month, 'YYYY_MM');
          CONTINUE WHEN to_regclass('agent_analytics.' || partition) IS NOT NULL;
          PERFORM pg_advisory_xact_lock(7106, 0);
          CONTINUE WHEN to_regclass('agent_analytics.' || partition) IS NOT NULL;
          EXECUTE format('CREATE TABLE agent_analytics.%I (LIKE agent_analytics.payload INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
          EXECUTE format('ALTER TABLE agent_analytics.payload ATTACH PARTITION agent_analytics.%I FOR VALUES FROM (%L) TO (%L)',
            partition, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
          EXECUTE format('COMMENT ON TABLE agent_analytics.%I IS %L', partition, 'owner=none; erase=none');
          made := made + 1;
        END LOOP;
        RETURN made;
      END $body$;

      -- Dropping locks the parent: better give up and come again than make readers wait behind a long read.
      CREATE FUNCTION agent_analytics.drop_payload_months(before_month date) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $body$
      DECLARE
        partition text;
        dropped integer := 0;
      BEGIN
        IF before_month IS NULL OR before_month > (now() AT TIME ZONE 'UTC')::date THEN
          RAISE EXCEPTION 'only months that have ended are dropped' USING ERRCODE = '22008';
        END IF;
        PERFORM pg_advisory_xact_lock(7106, 0);
        FOR partition IN
          SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'agent_analytics.payload'::regclass
            AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= date_trunc('month', before_month::timestamp)
          ORDER BY 1
        LOOP
          EXECUTE format('DROP TABLE agent_analytics.%I', partition);
          dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
      END $body$;

      REVOKE EXECUTE ON FUNCTION agent_analytics.ensure_payload_months, agent_analytics.drop_payload_months FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION agent_analytics.ensure_payload_months, agent_analytics.drop_payload_months TO ${system};
    `);
    for (const table of ['session', 'trace', 'observation', 'score', 'payload'])
      await runner.query(`
        COMMENT ON TABLE agent_analytics.${table} IS 'owner=none; erase=none';
        GRANT SELECT ON agent_analytics.${table} TO ${app};
        GRANT SELECT, INSERT, UPDATE, DELETE ON agent_analytics.${table} TO ${system};
      `);
    for (const table of ['dirty_trace', 'dirty_session'])
      await runner.query(`
        COMMENT ON TABLE agent_analytics.${table} IS 'owner=none; erase=none';
        GRANT SELECT, INSERT, DELETE ON agent_analytics.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION agent_analytics.drop_payload_months, agent_analytics.ensure_payload_months;
      DROP TABLE agent_analytics.dirty_session, agent_analytics.dirty_trace, agent_analytics.payload, agent_analytics.score,
        agent_analytics.observation, agent_analytics.trace, agent_analytics.session;
      DROP SCHEMA agent_analytics;
    `);
  }
}
