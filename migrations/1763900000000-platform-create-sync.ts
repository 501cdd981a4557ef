import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['sync_run', 'sync_run_stream', 'sync_watermark', 'sync_seen', 'sync_absence', 'sync_gap'];

export class PlatformCreateSync1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- One row per run. fence grows with every worker that takes the run over: a page is committed only by who has the newest.
      CREATE TABLE platform.sync_run (
        id uuid NOT NULL,
        source_id text NOT NULL,
        kind text NOT NULL,
        trigger text NOT NULL,
        state text NOT NULL DEFAULT 'queued',
        asked_from timestamptz,
        asked_to timestamptz,
        fence integer NOT NULL DEFAULT 0,
        job_id uuid,
        takes integer NOT NULL DEFAULT 0,
        is_cancel_requested boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL,
        started_at timestamptz,
        alive_at timestamptz NOT NULL,
        retry_at timestamptz,
        finished_at timestamptz,
        error_kind text,
        error text,
        CONSTRAINT pk_sync_run PRIMARY KEY (id),
        CONSTRAINT ck_sync_run_kind CHECK (kind IN ('incremental', 'backfill', 'reconcile', 'verify')),
        CONSTRAINT ck_sync_run_trigger CHECK (trigger IN ('schedule', 'request')),
        CONSTRAINT ck_sync_run_state CHECK (state IN ('queued', 'running', 'rate_limited', 'succeeded', 'failed', 'cancelled'))
      ) WITH (fillfactor = 50);
      CREATE UNIQUE INDEX uq_sync_run_active ON platform.sync_run (source_id, kind)
        WHERE state IN ('queued', 'running', 'rate_limited');
      CREATE INDEX ix_sync_run_ended ON platform.sync_run (source_id, kind, finished_at) WHERE finished_at IS NOT NULL;
      CREATE INDEX ix_sync_run_finished_at ON platform.sync_run (finished_at) WHERE finished_at IS NOT NULL;
      CREATE INDEX ix_sync_run_source ON platform.sync_run (source_id, id);

      -- What a run reads of one stream, and where it stands. The position is written in the transaction of the page's rows.
      CREATE TABLE platform.sync_run_stream (
        run_id uuid NOT NULL,
        stream text NOT NULL,
        ordinal integer NOT NULL,
        window_from timestamptz NOT NULL,
        window_to timestamptz NOT NULL,
        frozen_at timestamptz NOT NULL,
        position jsonb,
        max_seen_at timestamptz,
        total integer,
        pages integer NOT NULL DEFAULT 0,
        fetched integer NOT NULL DEFAULT 0,
        inserted integer NOT NULL DEFAULT 0,
        updated integer NOT NULL DEFAULT 0,
        unchanged integer NOT NULL DEFAULT 0,
        refused integer NOT NULL DEFAULT 0,
        removed integer NOT NULL DEFAULT 0,
        refusals jsonb NOT NULL DEFAULT '[]',
        fetch_ms integer NOT NULL DEFAULT 0,
        store_ms integer NOT NULL DEFAULT 0,
        started_at timestamptz,
        finished_at timestamptz,
        CONSTRAINT pk_sync_run_stream PRIMARY KEY (run_id, stream),
        CONSTRAINT fk_sync_run_stream_run FOREIGN KEY (run_id) REFERENCES platform.sync_run (id) ON DELETE CASCADE
      ) WITH (fillfactor = 50);

      CREATE TABLE platform.sync_watermark (
        source_id text NOT NULL,
        stream text NOT NULL,
        watermark_at timestamptz,
        complete_through timestamptz NOT NULL,
        run_id uuid NOT NULL,
        CONSTRAINT pk_sync_watermark PRIMARY KEY (source_id, stream)
      ) WITH (fillfactor = 50);

      -- Keys that a scan has met in the span that it reads; gone with the span.
      CREATE TABLE platform.sync_seen (
        run_id uuid NOT NULL,
        stream text NOT NULL,
        key text NOT NULL,
        CONSTRAINT pk_sync_seen PRIMARY KEY (run_id, stream, key)
      );

      -- Keys that one full scan has missed: the next scan decides.
      CREATE TABLE platform.sync_absence (
        source_id text NOT NULL,
        stream text NOT NULL,
        key text NOT NULL,
        run_id uuid NOT NULL,
        missed_at timestamptz NOT NULL,
        CONSTRAINT pk_sync_absence PRIMARY KEY (source_id, stream, key)
      );

      -- Windows in which the upstream's count was another than ours.
      CREATE TABLE platform.sync_gap (
        source_id text NOT NULL,
        stream text NOT NULL,
        window_from timestamptz NOT NULL,
        window_to timestamptz NOT NULL,
        upstream_count integer NOT NULL,
        stored_count integer NOT NULL,
        found_at timestamptz NOT NULL,
        checked_at timestamptz NOT NULL,
        run_id uuid NOT NULL,
        repaired_at timestamptz,
        CONSTRAINT pk_sync_gap PRIMARY KEY (source_id, stream, window_from)
      );
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE platform.${table} IS 'owner=none; erase=none';
        GRANT SELECT, INSERT, UPDATE, DELETE ON platform.${table} TO ${system};
      `);
    // Requests start and cancel runs in a transaction of their own, and look at all of it but the workers' notes.
    await runner.query(`
      GRANT SELECT ON platform.sync_run, platform.sync_run_stream, platform.sync_watermark, platform.sync_gap TO ${app};
      GRANT INSERT ON platform.sync_run TO ${app};
      GRANT UPDATE (state, is_cancel_requested, finished_at) ON platform.sync_run TO ${app};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE ${[...TABLES]
        .reverse()
        .map((table) => `platform.${table}`)
        .join(', ')}`,
    );
  }
}
