import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreatePerformanceLogs1763689500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Requests have no business here, not even with their own rows: everything goes to the system role.
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      CREATE SEQUENCE platform.api_performance_logs_id_seq AS bigint CACHE 100;

      -- One index only: every request writes a row here, and readers always name a span of time.
      CREATE TABLE platform.api_performance_logs (
        id bigint NOT NULL DEFAULT nextval('platform.api_performance_logs_id_seq'),
        "timestamp" timestamptz NOT NULL,
        endpoint text NOT NULL,
        operation text NOT NULL,
        duration_ms double precision NOT NULL,
        user_id uuid,
        conversation_id text,
        message_id text,
        request_id text NOT NULL,
        extra_data jsonb,
        CONSTRAINT pk_api_performance_logs PRIMARY KEY ("timestamp", id)
      ) PARTITION BY RANGE ("timestamp");
      ALTER SEQUENCE platform.api_performance_logs_id_seq OWNED BY platform.api_performance_logs.id;
      COMMENT ON TABLE platform.api_performance_logs IS 'owner=user; erase=profiling';

      ALTER TABLE platform.api_performance_logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY sink_and_administrators ON platform.api_performance_logs TO ${system}
        USING (true) WITH CHECK (true);
      GRANT USAGE ON SEQUENCE platform.api_performance_logs_id_seq TO ${system};
      GRANT SELECT, INSERT ON platform.api_performance_logs TO ${system};

      CREATE TABLE platform.error_group (
        fingerprint text NOT NULL,
        name text NOT NULL,
        code text,
        message text NOT NULL,
        frame text,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        count bigint NOT NULL,
        sample_request_ids text[] NOT NULL,
        CONSTRAINT pk_error_group PRIMARY KEY (fingerprint),
        CONSTRAINT ck_error_group_count CHECK (count > 0)
      );
      CREATE INDEX ix_error_group_last_seen_at ON platform.error_group (last_seen_at, fingerprint);
      COMMENT ON TABLE platform.error_group IS 'owner=none; erase=none';
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.error_group TO ${system};

      -- Days of UTC. Made beside the parent and then attached, so that writers are not locked out; policies are not inherited,
      -- so a partition is closed to everybody by itself.
      CREATE FUNCTION platform.ensure_performance_partitions(first_day date, last_day date) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        today date := (now() AT TIME ZONE 'UTC')::date;
        day date := first_day;
        partition text;
        made integer := 0;
      BEGIN
        IF first_day < today - 400 OR last_day > today + 31 OR first_day > last_day THEN
          RAISE EXCEPTION 'partitions are made from 400 days ago to next month only' USING ERRCODE = '22008';
        END IF;
        PERFORM pg_advisory_xact_lock(7104, 0);
        WHILE day <= last_day LOOP
          partition := 'api_performance_logs_' || to_char(day, 'YYYY_MM_DD');
          IF to_regclass('platform.' || partition) IS NULL THEN
            EXECUTE format('CREATE TABLE platform.%I (LIKE platform.api_performance_logs INCLUDING DEFAULTS)', partition);
            EXECUTE format('ALTER TABLE platform.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', partition);
            EXECUTE format('ALTER TABLE platform.api_performance_logs ATTACH PARTITION platform.%I FOR VALUES FROM (%L) TO (%L)',
              partition, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
            EXECUTE format('COMMENT ON TABLE platform.%I IS %L', partition, 'owner=user; erase=profiling');
            made := made + 1;
          END IF;
          day := day + 1;
        END LOOP;
        RETURN made;
      END $body$;

      -- Dropping a partition locks the parent: better give up and come again than make the sink wait behind a long read.
      CREATE FUNCTION platform.drop_performance_partitions(keep_days integer) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $body$
      DECLARE
        today date := (now() AT TIME ZONE 'UTC')::date;
        partition text;
        dropped integer := 0;
      BEGIN
        IF keep_days < 1 OR keep_days IS NULL THEN
          RAISE EXCEPTION 'at least one day is kept' USING ERRCODE = '22008';
        END IF;
        FOR partition IN
          SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'platform.api_performance_logs'::regclass
            AND to_date(right(c.relname, 10), 'YYYY_MM_DD') < today - keep_days
          ORDER BY 1
        LOOP
          EXECUTE format('DROP TABLE platform.%I', partition);
          dropped := dropped + 1;
        END LOOP;
        RETURN dropped;
      END $body$;

      REVOKE EXECUTE ON FUNCTION platform.ensure_performance_partitions, platform.drop_performance_partitions FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION platform.ensure_performance_partitions, platform.drop_performance_partitions TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION platform.drop_performance_partitions, platform.ensure_performance_partitions;
      DROP TABLE platform.error_group, platform.api_performance_logs;
      DROP SEQUENCE IF EXISTS platform.api_performance_logs_id_seq;
    `);
  }
}
