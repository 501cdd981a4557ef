import type { Client } from 'pg';

const WINDOWS = '7, 30, 90, 365';

/** Items of one server and the UTC days on which something of them was written. */
export interface Touched {
  serverId: number;
  itemIds: number[];
  days: string[];
}

/**
 * Brings the rollups of what a batch has touched up to date, as the worker does after an ingest.
 * @param asOf the UTC day on which the windows end
 * @returns milliseconds that it took
 */
export async function refreshTouched(database: Client, touched: Touched, asOf: string): Promise<number> {
  const { serverId, itemIds, days } = touched;
  const startedMs = performance.now();
  await database.query('BEGIN');
  await database.query(
    `INSERT INTO market.daily (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
     SELECT o.server_id, o.item_id, d.day, count(*), sum(price),
       (array_agg(price ORDER BY captured_at, id))[1], max(price), min(price),
       (array_agg(price ORDER BY captured_at DESC, id DESC))[1],
       percentile_cont(0.5) WITHIN GROUP (ORDER BY price), min(captured_at), max(captured_at)
     FROM unnest($2::int[], $3::date[]) AS d(item_id, day)
     JOIN market.observation o ON o.server_id = $1 AND o.item_id = d.item_id
       AND o.captured_at >= d.day::timestamp AT TIME ZONE 'UTC'
       AND o.captured_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
     GROUP BY 1, 2, 3
     ON CONFLICT (server_id, item_id, day) DO UPDATE SET n = excluded.n, sum = excluded.sum, open = excluded.open,
       high = excluded.high, low = excluded.low, close = excluded.close, median = excluded.median,
       first_at = excluded.first_at, last_at = excluded.last_at`,
    [serverId, itemIds, days],
  );
  await database.query(
    `WITH d AS (
       SELECT w.days AS span, d.*, row_number() OVER (PARTITION BY w.days, d.item_id ORDER BY d.day) AS place,
         row_number() OVER (PARTITION BY w.days, d.item_id ORDER BY d.day DESC) AS back
       FROM unnest(ARRAY[${WINDOWS}]) AS w(days)
       JOIN market.daily d ON d.server_id = $1 AND d.item_id = ANY ($2::int[])
         AND d.day BETWEEN $3::date - w.days AND $3::date)
     INSERT INTO market.window_stat (server_id, days, item_id, as_of, n, day_count, sum, first_day, last_day,
       first_mean, last_mean, first_median, last_median, first_at, last_at)
     SELECT $1, span, item_id, $3::date, sum(n), count(*), sum(sum), min(day), max(day),
       min(sum / n) FILTER (WHERE place = 1), min(sum / n) FILTER (WHERE back = 1),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE place <= 3),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE back <= 3),
       min(first_at), max(last_at)
     FROM d GROUP BY span, item_id
     ON CONFLICT (server_id, days, item_id) DO UPDATE SET as_of = excluded.as_of, n = excluded.n,
       day_count = excluded.day_count, sum = excluded.sum, first_day = excluded.first_day, last_day = excluded.last_day,
       first_mean = excluded.first_mean, last_mean = excluded.last_mean, first_median = excluded.first_median,
       last_median = excluded.last_median, first_at = excluded.first_at, last_at = excluded.last_at`,
    [serverId, itemIds, asOf],
  );
  await database.query('UPDATE market.rollup_version SET version = version + 1 WHERE server_id = $1', [
    serverId,
  ]);
  await database.query('COMMIT');
  return performance.now() - startedMs;
}
