import type { MigrationInterface, QueryRunner } from 'typeorm';

export class DestinyCreateManifest1763934000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE destiny.manifest_version (
        id integer GENERATED ALWAYS AS IDENTITY,
        language text NOT NULL,
        version text NOT NULL,
        origin text NOT NULL,
        state text NOT NULL DEFAULT 'importing',
        is_current boolean NOT NULL DEFAULT false,
        tables jsonb NOT NULL DEFAULT '{}',
        fault text,
        job_id uuid,
        run_id uuid,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        touched_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        switched_at timestamptz,
        CONSTRAINT pk_manifest_version PRIMARY KEY (id),
        CONSTRAINT uq_manifest_version_language UNIQUE (language, version),
        CONSTRAINT ck_manifest_version_origin CHECK (origin IN ('bungie', 'file')),
        CONSTRAINT ck_manifest_version_state CHECK (state IN ('importing', 'failed', 'loaded', 'dropped')),
        CONSTRAINT ck_manifest_version_current CHECK (NOT is_current OR (state = 'loaded' AND switched_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX uq_manifest_version_current ON destiny.manifest_version (language) WHERE is_current;
      COMMENT ON TABLE destiny.manifest_version IS 'owner=none; erase=none';

      -- One partition per version, filled beside the current one: a switch moves one flag, and an old version goes as a file does.
      CREATE TABLE destiny.manifest_definition (
        version_id integer NOT NULL,
        type text NOT NULL,
        hash bigint NOT NULL,
        name_fold text,
        json jsonb NOT NULL,
        CONSTRAINT pk_manifest_definition PRIMARY KEY (version_id, type, hash)
      ) PARTITION BY LIST (version_id);
      CREATE INDEX ix_manifest_definition_name_fold_trgm ON destiny.manifest_definition
        USING gin (name_fold gin_trgm_ops) WITH (fastupdate = off) WHERE (name_fold IS NOT NULL);
      COMMENT ON TABLE destiny.manifest_definition IS 'owner=none; erase=none';

      CREATE TABLE destiny.catalyst_definition (
        record_hash bigint NOT NULL,
        weapon_hash bigint NOT NULL,
        facts jsonb NOT NULL,
        version text NOT NULL,
        CONSTRAINT pk_catalyst_definition PRIMARY KEY (record_hash)
      );
      COMMENT ON TABLE destiny.catalyst_definition IS 'owner=none; erase=none';

      -- Made and indexed while it is empty, then attached, which locks no reader out.
      CREATE FUNCTION destiny.create_manifest_partition(of_version integer) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        partition text := 'manifest_definition_' || of_version;
      BEGIN
        IF NOT EXISTS (SELECT FROM destiny.manifest_version WHERE id = of_version AND state = 'importing') THEN
          RAISE EXCEPTION 'partitions are made for versions that are imported only' USING ERRCODE = '22023';
        END IF;
        PERFORM pg_advisory_xact_lock(7601, 0);
        IF to_regclass('destiny.' || partition) IS NOT NULL THEN
          RETURN;
        END IF;
        EXECUTE format('CREATE TABLE destiny.%I (LIKE destiny.manifest_definition INCLUDING DEFAULTS)', partition);
        IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
          EXECUTE format('ALTER TABLE destiny.%I ALTER json SET COMPRESSION lz4', partition);
        END IF;
        EXECUTE format('ALTER TABLE destiny.manifest_definition ATTACH PARTITION destiny.%I FOR VALUES IN (%L)', partition, of_version);
        EXECUTE format('COMMENT ON TABLE destiny.%I IS %L', partition, 'owner=none; erase=none');
      END $body$;

      -- Dropping a partition locks the parent: better give up at once and come again than make readers wait.
      CREATE FUNCTION destiny.drop_manifest_partition(of_version integer) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS $body$
      BEGIN
        IF NOT EXISTS (SELECT FROM destiny.manifest_version WHERE id = of_version AND NOT is_current AND state <> 'importing') THEN
          RAISE EXCEPTION 'what is read or imported is not dropped' USING ERRCODE = '22023';
        END IF;
        PERFORM pg_advisory_xact_lock(7601, 0);
        EXECUTE format('DROP TABLE IF EXISTS destiny.%I', 'manifest_definition_' || of_version);
      END $body$;

      CREATE FUNCTION destiny.analyze_manifest_partition(of_version integer) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        EXECUTE format('ANALYZE destiny.%I', 'manifest_definition_' || of_version);
      END $body$;

      REVOKE EXECUTE ON FUNCTION destiny.create_manifest_partition, destiny.drop_manifest_partition,
        destiny.analyze_manifest_partition FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION destiny.create_manifest_partition, destiny.drop_manifest_partition,
        destiny.analyze_manifest_partition TO ${system};

      GRANT SELECT ON destiny.manifest_version, destiny.manifest_definition, destiny.catalyst_definition TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE
        ON destiny.manifest_version, destiny.manifest_definition, destiny.catalyst_definition TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION destiny.analyze_manifest_partition, destiny.drop_manifest_partition, destiny.create_manifest_partition;
      DROP TABLE destiny.catalyst_definition, destiny.manifest_definition, destiny.manifest_version;
    `);
  }
}
