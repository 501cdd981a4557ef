import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest price that is not flagged becomes a figure: of each day, and of the windows that are kept. */
export class MarketAddCleanPrices1763892000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- First and last price of a day that are not flagged, and when the last was seen: null where they are the day's own, NaN
      -- where all prices are flagged.
      ALTER TABLE market.daily
        ADD COLUMN clean_open double precision, ADD COLUMN clean_close double precision, ADD COLUMN clean_at timestamptz;

      -- Days with flags are derived anew, and what is made of them follows.
      INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
      SELECT server_id, array_agg(item_id), array_agg(day), count(*) FROM (
        SELECT DISTINCT server_id, item_id, (captured_at AT TIME ZONE 'UTC')::date AS day FROM market.observation_flag) f
      GROUP BY server_id, day;

      -- Two doubles more, the last price and its time (fifth and fourth of the others) until those days have been derived.
      ALTER TABLE market.window_figure DROP CONSTRAINT ck_window_figure_figures;
      UPDATE market.window_figure SET figures = figures || substr(figures, 33, 8) || substr(figures, 25, 8);
      ALTER TABLE market.window_figure ADD CONSTRAINT ck_window_figure_figures CHECK (octet_length(figures) = 192);
      UPDATE market.figure_version SET version = version + 1;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE market.window_figure DROP CONSTRAINT ck_window_figure_figures;
      UPDATE market.window_figure SET figures = substr(figures, 1, 176);
      ALTER TABLE market.window_figure ADD CONSTRAINT ck_window_figure_figures CHECK (octet_length(figures) = 176);
      ALTER TABLE market.daily DROP COLUMN clean_open, DROP COLUMN clean_close, DROP COLUMN clean_at;
    `);
  }
}
