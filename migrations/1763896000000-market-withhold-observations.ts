import type { MigrationInterface, QueryRunner } from 'typeorm';

/** @param tables partitioned by month, the raw table first */
const ensurePartitions = (tables: readonly string[]): string => `
  CREATE OR REPLACE FUNCTION market.ensure_observation_partitions(first_at timestamptz, last_at timestamptz) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
  DECLARE
    month timestamptz := date_trunc('month', first_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
    next_month timestamptz;
    parent text;
    partition text;
    made integer := 0;
  BEGIN
    IF first_at < '2010-01-01Z' OR last_at > now() + interval '400 days' OR first_at > last_at THEN
      RAISE EXCEPTION 'partitions are made from 2010 to next year only' USING ERRCODE = '22008';
    END IF;
    PERFORM pg_advisory_xact_lock(7103, 0);
    WHILE month <= last_at LOOP
      next_month := (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
      FOREACH parent IN ARRAY ARRAY[${tables.map((table) => `'${table}'`).join(', ')}] LOOP
        partition := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
        IF to_regclass('market.' || partition) IS NULL THEN
          EXECUTE format('CREATE TABLE market.%I (LIKE market.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition, parent);
          EXECUTE format('ALTER TABLE market.%I ATTACH PARTITION market.%I FOR VALUES FROM (%L) TO (%L)',
            parent, partition, month, next_month);
          EXECUTE format('COMMENT ON TABLE market.%I IS %L', partition, 'owner=none; erase=none');
          made := made + (parent = '${tables[0]}')::integer;
        END IF;
      END LOOP;
      month := next_month;
    END LOOP;
    RETURN made;
  END $body$;`;

/** @param withheld what happens to the points that are withheld beside the month */
const detachPartition = (lock: string, withheld: string): string => `
  CREATE OR REPLACE FUNCTION market.detach_observation_partition(before_at timestamptz) RETURNS text
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
      LOCK TABLE ${lock} IN ACCESS EXCLUSIVE MODE;
      CONTINUE WHEN EXISTS (SELECT FROM market.dirty_batch b, unnest(b.days) AS day
        WHERE day >= first_day AND day < first_day + interval '1 month');
      kept := 'detached_' || partition || to_char(clock_timestamp() AT TIME ZONE 'UTC', '_YYYYMMDDHH24MISSUS');
      EXECUTE format('ALTER TABLE market.observation DETACH PARTITION market.%I', partition);
      EXECUTE format('ALTER TABLE market.%I ALTER id DROP DEFAULT', partition);
      EXECUTE format('ALTER TABLE market.%I RENAME TO %I', partition, kept);
      ${withheld}
      INSERT INTO market.detached_month (month) VALUES (first_day) ON CONFLICT DO NOTHING;
      RETURN kept;
    END LOOP;
    RETURN NULL;
  END $body$;`;

export class MarketWithholdObservations1763896000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Points that were sent and are not part of the history, because they repeat or contradict another one. A point that comes
      -- later can make them count, so they are kept as long as the raw rows beside them, in the same months. No foreign keys, as there.
      CREATE TABLE market.withheld_observation (
        server_id smallint NOT NULL,
        item_id integer NOT NULL,
        captured_at timestamptz NOT NULL,
        source_id integer NOT NULL,
        price double precision NOT NULL,
        lots integer NOT NULL,
        CONSTRAINT pk_withheld_observation PRIMARY KEY (server_id, item_id, captured_at, source_id, price, lots)
      ) PARTITION BY RANGE (captured_at);
      COMMENT ON TABLE market.withheld_observation IS 'owner=none; erase=none';

      -- Where a curator has corrected or deleted a raw row: what the source says of the instant does not count any more.
      CREATE TABLE market.decided_observation (
        server_id smallint NOT NULL,
        item_id integer NOT NULL,
        captured_at timestamptz NOT NULL,
        source_id integer NOT NULL,
        CONSTRAINT pk_decided_observation PRIMARY KEY (server_id, item_id, captured_at, source_id),
        CONSTRAINT fk_decided_observation_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_decided_observation_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE market.decided_observation IS 'owner=none; erase=none';

      -- Instant of the newest withheld or decided point, where that is newer than the row.
      ALTER TABLE market.latest ADD COLUMN withheld_until timestamptz;

      ${ensurePartitions(['observation', 'withheld_observation'])}
      ${detachPartition(
        'market.observation, market.withheld_observation',
        "EXECUTE format('DROP TABLE IF EXISTS market.%I', 'withheld_' || partition);",
      )}
      SELECT market.ensure_observation_partitions(month, month)
      FROM (SELECT to_date(right(c.relname, 7), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC' AS month
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'market.observation'::regclass AND c.relname ~ '^observation_[0-9]{4}_[0-9]{2}$') m;

      GRANT SELECT, INSERT, DELETE ON market.withheld_observation, market.decided_observation TO ${app}, ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${ensurePartitions(['observation'])}
      ${detachPartition('market.observation', '')}
      ALTER TABLE market.latest DROP COLUMN withheld_until;
      DROP TABLE market.decided_observation, market.withheld_observation;
    `);
  }
}
