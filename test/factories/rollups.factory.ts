import type pg from 'pg';

/** Anything that runs SQL as the owner of the database. */
export type SqlRunner = (sql: string) => Promise<unknown>;

export const runnerOf =
  (client: pg.Client | pg.Pool): SqlRunner =>
  (sql) =>
    client.query(sql);

/**
 * The rollups of all servers as the raw rows say, made anew in the plainest SQL. It is how specs fill the tables, and what the
 * product's own bookkeeping must come to. The figures are left to the product: none are kept, all are stale. One transaction, which waits for a worker that is at it and leaves it nothing to do.
 * @param asOf the UTC day on which the windows end, `2026-11-21`
 */
export async function rebuildRollups(run: SqlRunner, asOf: string): Promise<void> {
  if (!/^\d{4}-\d\d-\d\d$/.test(asOf)) throw new Error(`${asOf} is no day`);
  await run(`
    BEGIN;
    LOCK TABLE market.dirty_batch, market.daily, market.window_stat, market.rollup_version,
      market.window_figure, market.stale_series, market.index_link, market.figure_version IN EXCLUSIVE MODE;
    DELETE FROM market.window_figure;
    DELETE FROM market.stale_series;
    DELETE FROM market.index_link;
    DELETE FROM market.figure_version;
    DELETE FROM market.dirty_batch;
    DELETE FROM market.window_stat;
    DELETE FROM market.daily;
    INSERT INTO market.daily (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
    SELECT server_id, item_id, (captured_at AT TIME ZONE 'UTC')::date, count(*), sum(price),
      (array_agg(price ORDER BY captured_at, price))[1], max(price), min(price),
      (array_agg(price ORDER BY captured_at DESC, price DESC))[1],
      percentile_cont(0.5) WITHIN GROUP (ORDER BY price), min(captured_at), max(captured_at)
    FROM market.observation GROUP BY 1, 2, 3;
    ${[7, 30, 90, 365].map((days) => insertWindow(days, asOf)).join('')}
    INSERT INTO market.rollup_version (server_id, as_of) SELECT id, '${asOf}' FROM market.server
    ON CONFLICT (server_id) DO UPDATE SET version = market.rollup_version.version + 1, as_of = excluded.as_of;
    INSERT INTO market.stale_series (server_id, item_ids, days)
    SELECT server_id, array_agg(DISTINCT item_id), array_agg(DISTINCT day) FROM market.daily GROUP BY server_id;
    COMMIT`);
}

function insertWindow(days: number, asOf: string): string {
  return `
    INSERT INTO market.window_stat (server_id, days, item_id, as_of, n, day_count, sum, first_day, last_day,
      first_mean, last_mean, first_median, last_median, first_at, last_at, head_until)
    SELECT server_id, ${days}, item_id, '${asOf}', sum(n), count(*), sum(sum), min(day), max(day),
      min(sum / n) FILTER (WHERE place = 1), min(sum / n) FILTER (WHERE back = 1),
      percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE place <= 3),
      percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE back <= 3),
      min(first_at), max(last_at), min(day) FILTER (WHERE place = 3)
    FROM (SELECT *, row_number() OVER (PARTITION BY server_id, item_id ORDER BY day) AS place,
            row_number() OVER (PARTITION BY server_id, item_id ORDER BY day DESC) AS back
          FROM market.daily WHERE day BETWEEN '${asOf}'::date - ${days} AND '${asOf}') AS d
    GROUP BY server_id, item_id;`;
}
