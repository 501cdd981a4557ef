import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateOutboundBudgets1763701000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      CREATE TABLE platform.outbound_budget (
        provider text NOT NULL,
        name text NOT NULL,
        started_at timestamptz NOT NULL,
        used_count integer NOT NULL DEFAULT 0,
        provider_limit integer,
        blocked_until timestamptz,
        CONSTRAINT pk_outbound_budget PRIMARY KEY (provider, name),
        CONSTRAINT ck_outbound_budget_used_count CHECK (used_count >= 0)
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
      COMMENT ON TABLE platform.outbound_budget IS 'owner=none; erase=none';
      GRANT SELECT, INSERT, UPDATE ON platform.outbound_budget TO ${system};

      -- Takes one call from every budget of the provider, or from none: rows are locked in the order of their names, so takers of
      -- all processes go one after the other. A window begins at whole multiples of its length since 1970; started_at of a bucket is
      -- the instant at which it is full again (the "theoretical arrival time" of GCRA). Counts that a crash of the server
      -- forgets come back with the provider's headers, so nobody waits for the disk.
      CREATE FUNCTION platform.take_outbound_budget(in_provider text, names text[], limits integer[],
        windows_ms double precision[], are_buckets boolean[], at timestamptz) RETURNS double precision
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        found_count integer;
        wait_ms double precision;
      BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        PERFORM FROM platform.outbound_budget b WHERE b.provider = in_provider AND b.name = ANY (names) ORDER BY b.name FOR UPDATE;
        GET DIAGNOSTICS found_count = ROW_COUNT;
        IF found_count < cardinality(names) THEN
          INSERT INTO platform.outbound_budget (provider, name, started_at)
            SELECT in_provider, n, 'epoch' FROM unnest(names) AS n ORDER BY n ON CONFLICT DO NOTHING;
          PERFORM FROM platform.outbound_budget b WHERE b.provider = in_provider AND b.name = ANY (names) ORDER BY b.name FOR UPDATE;
        END IF;
        SELECT max(greatest(0, extract(epoch FROM b.blocked_until - at) * 1000,
            CASE
              WHEN p.is_bucket THEN extract(epoch FROM b.started_at - at) * 1000 - p.ms * (1 - 1.0 / coalesce(b.provider_limit, p.most))
              WHEN b.started_at >= w.begins_at AND b.used_count >= coalesce(b.provider_limit, p.most)
                THEN extract(epoch FROM b.started_at - at) * 1000 + p.ms
            END))
          INTO wait_ms
          FROM unnest(names, limits, windows_ms, are_buckets) AS p(name, most, ms, is_bucket)
          CROSS JOIN LATERAL (SELECT to_timestamp(floor(extract(epoch FROM at) * 1000 / p.ms) * p.ms / 1000) AS begins_at) AS w
          JOIN platform.outbound_budget b ON b.provider = in_provider AND b.name = p.name;
        IF wait_ms > 0 THEN
          RETURN wait_ms;
        END IF;
        UPDATE platform.outbound_budget b SET
            started_at = CASE WHEN p.is_bucket
              THEN greatest(b.started_at, at) + make_interval(secs => p.ms / coalesce(b.provider_limit, p.most) / 1000)
              ELSE greatest(b.started_at, w.begins_at) END,
            used_count = CASE WHEN p.is_bucket THEN 0 WHEN b.started_at >= w.begins_at THEN b.used_count + 1 ELSE 1 END
          FROM unnest(names, limits, windows_ms, are_buckets) AS p(name, most, ms, is_bucket)
          CROSS JOIN LATERAL (SELECT to_timestamp(floor(extract(epoch FROM at) * 1000 / p.ms) * p.ms / 1000) AS begins_at) AS w
          WHERE b.provider = in_provider AND b.name = p.name;
        RETURN 0;
      END $body$;

      -- The provider's word: it may have counted more than we have (another client of the same key, a lost answer), never less.
      CREATE FUNCTION platform.report_outbound_budget(in_provider text, names text[], windows_ms double precision[],
        are_buckets boolean[], used_counts integer[], provider_limits integer[], block_ms double precision, at timestamptz)
        RETURNS void
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        PERFORM set_config('synchronous_commit', 'off', true);
        PERFORM FROM platform.outbound_budget b WHERE b.provider = in_provider AND b.name = ANY (names) ORDER BY b.name FOR UPDATE;
        UPDATE platform.outbound_budget b SET
            started_at = CASE
              WHEN p.used IS NULL THEN b.started_at
              WHEN p.is_bucket THEN greatest(b.started_at,
                at + make_interval(secs => p.ms * p.used / greatest(1, coalesce(p.most, b.provider_limit, p.used)) / 1000))
              ELSE greatest(b.started_at, w.begins_at) END,
            used_count = CASE
              WHEN p.used IS NULL OR p.is_bucket THEN b.used_count
              WHEN b.started_at >= w.begins_at THEN greatest(b.used_count, p.used)
              ELSE p.used END,
            provider_limit = coalesce(p.most, b.provider_limit),
            blocked_until = greatest(b.blocked_until, at + make_interval(secs => block_ms / 1000))
          FROM unnest(names, windows_ms, are_buckets, used_counts, provider_limits) AS p(name, ms, is_bucket, used, most)
          CROSS JOIN LATERAL (SELECT to_timestamp(floor(extract(epoch FROM at) * 1000 / p.ms) * p.ms / 1000) AS begins_at) AS w
          WHERE b.provider = in_provider AND b.name = p.name;
      END $body$;

      REVOKE EXECUTE ON FUNCTION platform.take_outbound_budget, platform.report_outbound_budget FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION platform.take_outbound_budget, platform.report_outbound_budget TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION platform.report_outbound_budget, platform.take_outbound_budget;
      DROP TABLE platform.outbound_budget;
    `);
  }
}
