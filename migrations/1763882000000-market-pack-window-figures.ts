import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Figures of a row become one value: a server's are read as a whole, and a column of each cost more than all else of a call. */
export class MarketPackWindowFigures1763882000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.replace(
      runner,
      `
        -- 22 doubles, little-endian, in the order of series-figure.ts; NaN is what cannot be said.
        figures bytea NOT NULL,
        CONSTRAINT ck_window_figure_figures CHECK (octet_length(figures) = 176),`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.replace(
      runner,
      `
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
        robust_run_days smallint,`,
    );
  }

  /** All of it is derived: the table is made anew, everything is stale, and readers work figures out from the days until it is not. */
  private async replace(runner: QueryRunner, columns: string): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      DROP TABLE market.window_figure;
      CREATE TABLE market.window_figure (
        server_id smallint NOT NULL,
        days smallint NOT NULL,
        item_id integer NOT NULL,${columns}
        CONSTRAINT pk_window_figure PRIMARY KEY (server_id, days, item_id),
        CONSTRAINT fk_window_figure_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_window_figure_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_window_figure_days CHECK (days IN (7, 30, 90, 365))
      ) WITH (fillfactor = 60);
      COMMENT ON TABLE market.window_figure IS 'owner=none; erase=none';
      UPDATE market.figure_version SET version = version + 1, as_of = NULL;
      INSERT INTO market.stale_series (server_id, item_ids)
      SELECT server_id, array_agg(item_id) FROM market.window_stat WHERE days = 365 GROUP BY server_id;
      GRANT SELECT ON market.window_figure TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.window_figure TO ${system};
    `);
  }
}
