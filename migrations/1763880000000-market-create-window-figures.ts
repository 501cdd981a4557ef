import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateWindowFigures1763880000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What lists are made of, one row per series and standard window: figures that cannot be carried on by differences. Null is
      -- what cannot be said of so few days, or from a price of zero.
      CREATE TABLE market.window_figure (
        server_id smallint NOT NULL,
        days smallint NOT NULL,
        item_id integer NOT NULL,
        n integer NOT NULL,
        day_count smallint NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        last_price double precision NOT NULL,
        first_mean double precision NOT NULL,
        last_mean double precision NOT NULL,
        mean_price double precision NOT NULL,
        spread_pct double precision,
        classic_volatility_pct double precision,
        classic_reference double precision,
        classic_trend smallint,
        classic_run_days smallint,
        last_median double precision NOT NULL,
        median_price double precision NOT NULL,
        robust_volatility double precision,
        robust_reference double precision,
        robust_reference_volatility double precision,
        robust_slope double precision,
        robust_p double precision,
        robust_trend smallint,
        robust_run_days smallint,
        CONSTRAINT pk_window_figure PRIMARY KEY (server_id, days, item_id),
        CONSTRAINT fk_window_figure_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_window_figure_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_window_figure_days CHECK (days IN (7, 30, 90, 365))
      ) WITH (fillfactor = 60);
      COMMENT ON TABLE market.window_figure IS 'owner=none; erase=none';

      -- Series whose days have changed and whose figures have not followed yet: one row per refresh of rollups, so that it never
      -- waits for whoever takes rows away.
      CREATE TABLE market.stale_series (
        id bigint GENERATED ALWAYS AS IDENTITY,
        server_id smallint NOT NULL,
        item_ids integer[] NOT NULL,
        marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_stale_series PRIMARY KEY (id),
        CONSTRAINT fk_stale_series_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      );
      CREATE INDEX ix_stale_series_server ON market.stale_series (server_id, id);
      COMMENT ON TABLE market.stale_series IS 'owner=none; erase=none';

      -- The counter behind the ETags of what is made of figures, and the day for which all of a server's stand; null while they
      -- stand for two.
      CREATE TABLE market.figure_version (
        server_id smallint NOT NULL,
        version bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        as_of date,
        refreshed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_figure_version PRIMARY KEY (server_id),
        CONSTRAINT fk_figure_version_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      ) WITH (fillfactor = 20);
      COMMENT ON TABLE market.figure_version IS 'owner=none; erase=none';

      INSERT INTO market.stale_series (server_id, item_ids)
      SELECT server_id, array_agg(item_id) FROM market.window_stat WHERE days = 365 GROUP BY server_id;

      GRANT SELECT ON market.window_figure, market.figure_version TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.window_figure, market.figure_version, market.stale_series TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.figure_version, market.stale_series, market.window_figure');
  }
}
