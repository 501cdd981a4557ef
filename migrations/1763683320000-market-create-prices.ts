import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreatePrices1763683320000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE SEQUENCE market.observation_id_seq AS bigint CACHE 100;

      -- No foreign key to item and server here: every raw row has its row in market.latest, written by the same
      -- statement, and that row has both keys; checking them again on every raw row would only cost ingest time.
      CREATE TABLE market.observation (
        id bigint NOT NULL DEFAULT nextval('market.observation_id_seq'),
        captured_at timestamptz NOT NULL,
        price double precision NOT NULL,
        item_id integer NOT NULL,
        source_id integer NOT NULL,
        lots integer NOT NULL,
        server_id smallint NOT NULL,
        CONSTRAINT pk_observation PRIMARY KEY (server_id, item_id, captured_at, source_id) INCLUDE (price, id),
        CONSTRAINT ck_observation_price CHECK (price >= 0 AND price <= 1e12),
        CONSTRAINT ck_observation_lots CHECK (lots > 0)
      ) PARTITION BY RANGE (captured_at);
      ALTER SEQUENCE market.observation_id_seq OWNED BY market.observation.id;
      CREATE INDEX ix_observation_id_brin ON market.observation USING brin (id) WITH (pages_per_range = 32);
      COMMENT ON TABLE market.observation IS 'owner=none; erase=none';

      CREATE TABLE market.latest (
        server_id smallint NOT NULL,
        item_id integer NOT NULL,
        price double precision NOT NULL,
        captured_at timestamptz NOT NULL,
        lots integer NOT NULL,
        source_id integer NOT NULL,
        observation_id bigint NOT NULL,
        CONSTRAINT pk_latest PRIMARY KEY (server_id, item_id),
        CONSTRAINT fk_latest_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_latest_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT fk_latest_source FOREIGN KEY (source_id) REFERENCES market.source (id)
      ) WITH (fillfactor = 70);
      COMMENT ON TABLE market.latest IS 'owner=none; erase=none';

      -- The counter behind every ETag. It starts at the clock, so that a database made anew never repeats a version.
      CREATE TABLE market.server_version (
        server_id smallint NOT NULL,
        version bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        CONSTRAINT pk_server_version PRIMARY KEY (server_id),
        CONSTRAINT fk_server_version_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      ) WITH (fillfactor = 20);
      COMMENT ON TABLE market.server_version IS 'owner=none; erase=none';

      -- Partitions are made beside the parent and then attached: creating them as PARTITION OF would lock out every writer.
      CREATE FUNCTION market.ensure_observation_partitions(first_at timestamptz, last_at timestamptz) RETURNS integer
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        month timestamptz := date_trunc('month', first_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
        next_month timestamptz;
        partition text;
        made integer := 0;
      BEGIN
        IF first_at < '2010-01-01Z' OR last_at > now() + interval '400 days' OR first_at > last_at THEN
          RAISE EXCEPTION 'partitions are made from 2010 to next year only' USING ERRCODE = '22008';
        END IF;
        PERFORM pg_advisory_xact_lock(7103, 0);
        WHILE month <= last_at LOOP
          next_month := (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
          partition := 'observation_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
          IF to_regclass('market.' || partition) IS NULL THEN
            EXECUTE format('CREATE TABLE market.%I (LIKE market.observation INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
            EXECUTE format('ALTER TABLE market.observation ATTACH PARTITION market.%I FOR VALUES FROM (%L) TO (%L)',
              partition, month, next_month);
            EXECUTE format('COMMENT ON TABLE market.%I IS %L', partition, 'owner=none; erase=none');
            made := made + 1;
          END IF;
          month := next_month;
        END LOOP;
        RETURN made;
      END $body$;
      REVOKE EXECUTE ON FUNCTION market.ensure_observation_partitions FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION market.ensure_observation_partitions TO ${app}, ${system};

      GRANT USAGE ON SEQUENCE market.observation_id_seq TO ${app}, ${system};
      GRANT SELECT, INSERT ON market.observation TO ${app}, ${system};
      GRANT SELECT, INSERT, UPDATE ON market.latest, market.server_version TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION market.ensure_observation_partitions;
      DROP TABLE market.server_version, market.latest, market.observation;
      DROP SEQUENCE IF EXISTS market.observation_id_seq;
    `);
  }
}
