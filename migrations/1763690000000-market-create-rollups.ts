import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateRollups1763690000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- One row per series and UTC day on which it was seen; derived from raw rows, never written otherwise.
      CREATE TABLE market.daily (
        server_id smallint NOT NULL,
        item_id integer NOT NULL,
        day date NOT NULL,
        n integer NOT NULL,
        sum double precision NOT NULL,
        open double precision NOT NULL,
        high double precision NOT NULL,
        low double precision NOT NULL,
        close double precision NOT NULL,
        median double precision NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        CONSTRAINT pk_daily PRIMARY KEY (server_id, item_id, day),
        CONSTRAINT fk_daily_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_daily_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_daily_n CHECK (n > 0)
      );
      COMMENT ON TABLE market.daily IS 'owner=none; erase=none';

      -- One row per series and standard window: the days [as_of - days, as_of]. Ends are daily means (classic) and medians of
      -- the three outermost daily medians (robust). head_until is the third day seen, null while there are fewer: only a change
      -- up to it can move the first end, so a refresh need not look that up.
      CREATE TABLE market.window_stat (
        server_id smallint NOT NULL,
        days smallint NOT NULL,
        item_id integer NOT NULL,
        as_of date NOT NULL,
        n integer NOT NULL,
        day_count smallint NOT NULL,
        sum double precision NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        first_mean double precision NOT NULL,
        last_mean double precision NOT NULL,
        first_median double precision NOT NULL,
        last_median double precision NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        head_until date,
        CONSTRAINT pk_window_stat PRIMARY KEY (server_id, days, item_id),
        CONSTRAINT fk_window_stat_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_window_stat_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_window_stat_days CHECK (days IN (7, 30, 90, 365)),
        CONSTRAINT ck_window_stat_n CHECK (n > 0 AND day_count > 0)
      ) WITH (fillfactor = 70);
      COMMENT ON TABLE market.window_stat IS 'owner=none; erase=none';

      -- What has changed in raw rows and not yet in the rollups: one row per written batch, so that writers never wait for
      -- the reader that takes rows away. Pairs (item_ids[k], days[k]).
      CREATE TABLE market.dirty_batch (
        id bigint GENERATED ALWAYS AS IDENTITY,
        server_id smallint NOT NULL,
        item_ids integer[] NOT NULL,
        days date[] NOT NULL,
        pair_count integer NOT NULL,
        marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_dirty_batch PRIMARY KEY (id),
        CONSTRAINT fk_dirty_batch_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      );
      CREATE INDEX ix_dirty_batch_server ON market.dirty_batch (server_id, id);
      COMMENT ON TABLE market.dirty_batch IS 'owner=none; erase=none';

      -- Months whose raw rows were taken away: there a day's row may grow, but raw rows that come late do not replace it with less.
      CREATE TABLE market.detached_month (
        month date NOT NULL,
        detached_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_detached_month PRIMARY KEY (month)
      );
      COMMENT ON TABLE market.detached_month IS 'owner=none; erase=none';

      -- The counter behind the ETags of analytics, and the day for which window rows stand. Starts at the clock, as
      -- market.server_version does.
      CREATE TABLE market.rollup_version (
        server_id smallint NOT NULL,
        version bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        as_of date NOT NULL,
        refreshed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_rollup_version PRIMARY KEY (server_id),
        CONSTRAINT fk_rollup_version_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      ) WITH (fillfactor = 20);
      COMMENT ON TABLE market.rollup_version IS 'owner=none; erase=none';

      -- Takes raw months before a bound out of the history, oldest first, and keeps each as a table of its own for whoever
      -- archives and drops it. A month with days that the rollups have not seen yet stays for the next run. Detaching locks out
      -- writers, so each waits two seconds for its lock at most, and nothing else happens in the transaction.
      CREATE FUNCTION market.detach_observation_partition(before_at timestamptz) RETURNS text
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        partition text;
        kept text;
        first_day date;
      BEGIN
        IF before_at > now() - interval '27 days' THEN
          RAISE EXCEPTION 'the newest raw month is never detached' USING ERRCODE = '22008';
        END IF;
        SET LOCAL lock_timeout = '2s';
        PERFORM pg_advisory_xact_lock(7103, 0);
        FOR partition, first_day IN
          SELECT c.relname, to_date(right(c.relname, 7), 'YYYY_MM')
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'market.observation'::regclass AND c.relname ~ '^observation_[0-9]{4}_[0-9]{2}$'
            AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= before_at
          ORDER BY 2
        LOOP
          LOCK TABLE market.observation IN ACCESS EXCLUSIVE MODE;
          CONTINUE WHEN EXISTS (SELECT FROM market.dirty_batch b, unnest(b.days) AS day
            WHERE day >= first_day AND day < first_day + interval '1 month');
          kept := 'detached_' || partition || to_char(clock_timestamp() AT TIME ZONE 'UTC', '_YYYYMMDDHH24MISSUS');
          EXECUTE format('ALTER TABLE market.observation DETACH PARTITION market.%I', partition);
          EXECUTE format('ALTER TABLE market.%I ALTER id DROP DEFAULT', partition);
          EXECUTE format('ALTER TABLE market.%I RENAME TO %I', partition, kept);
          INSERT INTO market.detached_month (month) VALUES (first_day) ON CONFLICT DO NOTHING;
          RETURN kept;
        END LOOP;
        RETURN NULL;
      END $body$;
      REVOKE EXECUTE ON FUNCTION market.detach_observation_partition FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION market.detach_observation_partition TO ${system};

      GRANT SELECT ON market.daily, market.window_stat, market.rollup_version, market.dirty_batch TO ${app};
      GRANT INSERT ON market.dirty_batch TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE
        ON market.daily, market.window_stat, market.rollup_version, market.dirty_batch TO ${system};
      GRANT SELECT ON market.detached_month TO ${system};
      GRANT UPDATE, DELETE ON market.observation TO ${app}, ${system};
      GRANT DELETE ON market.latest TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      REVOKE DELETE ON market.latest FROM ${app}, ${system};
      REVOKE UPDATE, DELETE ON market.observation FROM ${app}, ${system};
      DROP FUNCTION market.detach_observation_partition;
      DROP TABLE market.rollup_version, market.detached_month, market.dirty_batch, market.window_stat, market.daily;
    `);
  }
}
