import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { JUDGE_DAYS } from '../flags/judge-days.js';

// Rollups follow raw rows in portions: a transaction takes marked days away, derives them anew from raw and carries what
// changed into the windows. Portion and effect are one transaction, so whoever dies leaves everything as it was; and since a day
// is derived as a whole, never counted up, it does not matter how often that happens or what else was written meanwhile.
//
// Reading a year of days for each touched series would cost a hundred times of what changed, so windows take over the
// difference of a day (n, day_count, sum) and look up their ends in the primary key of `daily`. Two kinds of change are
// counted anew instead: a difference below zero, which would leave the rounding of what is gone in the sum, and a new `as_of`.
//
// `OFFSET 0` keeps the planner at one index lookup per pair; it takes a thousand pairs for reason enough to read whole tables.

/**
 * The portion is as many batches, oldest first, as mark $2 days of series between them, the first one in any case. Under load the
 * same days are marked again and again, and then a portion derives once what a dozen of batches has marked.
 *
 * The days of the portion as raw rows have them now (`fresh`) and as `daily` had them (`tid`, `old_n`, `old_sum`, `old_median`).
 */
const DERIVED = `
  waiting AS MATERIALIZED (
    SELECT d.id, d.item_ids, d.days FROM market.dirty_batch d JOIN (
      SELECT id, pair_count, sum(pair_count) OVER (ORDER BY id) AS marked_count
      FROM (SELECT id, pair_count FROM market.dirty_batch WHERE server_id = $1 ORDER BY id LIMIT $3) b
    ) b ON b.id = d.id AND (b.marked_count <= $4 OR b.marked_count = b.pair_count)
  ),
  first_marked AS (
    SELECT id, count(*) AS count FROM (
      SELECT min(w.id) AS id FROM waiting w, unnest(w.item_ids, w.days) AS u (item_id, day) GROUP BY u.item_id, u.day) f
    GROUP BY id
  ),
  portion AS (
    SELECT id FROM (
      SELECT id, total, first_value(total) OVER (ORDER BY id) AS least FROM (
        SELECT w.id, sum(coalesce(f.count, 0)) OVER (ORDER BY w.id) AS total FROM waiting w LEFT JOIN first_marked f USING (id)) t
    ) t
    WHERE total <= greatest($2, least)
  ),
  taken AS (
    DELETE FROM market.dirty_batch d WHERE d.id IN (SELECT id FROM portion) RETURNING d.item_ids, d.days
  ),
  pair AS MATERIALIZED (
    SELECT DISTINCT u.item_id, u.day FROM taken t, unnest(t.item_ids, t.days) AS u (item_id, day)
  ),
  fresh AS MATERIALIZED (
    SELECT p.item_id, p.day, r.*, d.tid, d.old_n, d.old_sum, d.old_median,
      EXISTS (SELECT FROM market.detached_month m WHERE m.month = date_trunc('month', p.day)::date) AS is_detached
    FROM pair p
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS n, sum(o.price) AS sum, min(o.price) AS low, max(o.price) AS high,
        (array_agg(o.price ORDER BY o.captured_at, o.price))[1] AS open,
        (array_agg(o.price ORDER BY o.captured_at DESC, o.price DESC))[1] AS close,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY o.price) AS median,
        min(o.captured_at) AS first_at, max(o.captured_at) AS last_at
      FROM market.observation o
      WHERE o.server_id = $1 AND o.item_id = p.item_id
        AND o.captured_at >= p.day::timestamp AT TIME ZONE 'UTC'
        AND o.captured_at < (p.day + 1)::timestamp AT TIME ZONE 'UTC'
      OFFSET 0
    ) r
    LEFT JOIN LATERAL (
      SELECT d.ctid AS tid, d.n AS old_n, d.sum AS old_sum, coalesce(d.raw_median, d.median) AS old_median FROM market.daily d
      WHERE d.server_id = $1 AND d.item_id = p.item_id AND d.day = p.day OFFSET 0
    ) d ON true
    WHERE EXISTS (SELECT FROM market.item i WHERE i.id = p.item_id OFFSET 0)
  ),
  counted_days AS (
    INSERT INTO market.day_change AS c (server_id, day) SELECT DISTINCT $1::smallint, day FROM pair
    ON CONFLICT (server_id, day) DO UPDATE SET change_count = c.change_count + 1
  )`;

/**
 * What changes. Where a month's raw rows were taken away, the row made of them stays until there are at least as many again:
 * a point that came late would else replace a day by itself.
 */
const CHANGED = `
  changed AS MATERIALIZED (
    SELECT * FROM fresh WHERE (n > 0 OR tid IS NOT NULL) AND NOT (is_detached AND n < coalesce(old_n, 0))
  )`;

const REFRESH_DAYS = {
  name: 'market.rollups.refresh-days',
  text: `WITH ${DERIVED}, ${CHANGED},
  emptied AS (
    DELETE FROM market.daily d USING (SELECT * FROM changed WHERE n = 0 LIMIT (SELECT count(*) FROM pair)) c WHERE d.ctid = c.tid
  ),
  written AS (
    INSERT INTO market.daily AS d (server_id, item_id, day, n, sum, open, high, low, close, median, first_at, last_at)
    SELECT $1, item_id, day, n, sum, open, high, low, close, median, first_at, last_at FROM changed WHERE n > 0
    ON CONFLICT (server_id, item_id, day) DO UPDATE
      SET n = excluded.n, sum = excluded.sum, open = excluded.open, high = excluded.high, low = excluded.low,
          close = excluded.close, median = excluded.median, raw_median = NULL, clean_open = NULL, clean_close = NULL, clean_at = NULL,
          first_at = excluded.first_at, last_at = excluded.last_at
  )
  SELECT (SELECT count(*) FROM taken)::int AS "batchCount",
    (SELECT count(*) FROM market.dirty_batch WHERE server_id = $1)::int AS "waitingCount",
    c.count, c."itemIds", c.days, c.counts, c."dayCounts", c.sums, c.moved
  FROM (
    SELECT count(*)::int AS count, array_agg(item_id)::text AS "itemIds", array_agg(day)::text AS days,
      array_agg(n - coalesce(old_n, 0))::text AS counts,
      array_agg((n > 0)::int - (tid IS NOT NULL)::int)::text AS "dayCounts",
      array_agg(coalesce(sum, 0) - coalesce(old_sum, 0))::text AS sums,
      array_agg(median IS DISTINCT FROM old_median)::text AS moved
    FROM changed) c`,
};

const STANDARD = `standard (days) AS (VALUES (7::smallint), (30::smallint), (90::smallint), (365::smallint))`;

/** Windows that changed, with the differences of their days; those of days whose median alone has moved are zero. */
const PARTS_CHANGED = `
    SELECT s.days, c.item_id, sum(c.n) AS n, sum(c.day_count) AS day_count, sum(c.sum) AS sum, min(c.day) AS first_changed,
      bool_or(c.n < 0 OR c.day_count < 0 OR c.sum < 0) AS is_reduced
    FROM (SELECT * FROM unnest($3::int4[], $4::date[], $5::int4[], $6::int4[], $7::float8[]) AS c (item_id, day, n, day_count, sum)
          UNION ALL
          SELECT item_id, day, 0, 0, 0 FROM unnest($8::int4[], $9::date[]) AS c (item_id, day)) c
    JOIN standard s ON c.day BETWEEN $2::date - s.days AND $2::date
    GROUP BY 1, 2`;

/** Every window with all of its days, so that nothing of the row before counts. */
const PARTS_WHOLE = `
    SELECT s.days, d.item_id, sum(d.n) AS n, count(*) AS day_count, sum(d.sum) AS sum, '-infinity'::date AS first_changed,
      false AS is_reduced
    FROM market.daily d JOIN standard s ON d.day >= $2::date - s.days
    WHERE d.server_id = $1 AND d.day BETWEEN $2::date - 365 AND $2::date
    GROUP BY 1, 2`;

/** Median of one to three values; those that are missing are null and come last. */
const MEDIAN_OF_THREE = (a: string, b: string, c: string): string => `
  CASE WHEN ${c} IS NOT NULL THEN greatest(least(${a}, ${b}), least(greatest(${a}, ${b}), ${c}))
       WHEN ${b} IS NOT NULL THEN ${a} + (${b} - ${a}) / 2
       ELSE ${a} END`;

const OPEN_HEAD = (found: string, kept: string): string =>
  `CASE WHEN c.is_head_open THEN ${found} ELSE c.${kept} END`;

const OVER = (before: string, column: string): string => `
        CASE WHEN p.is_reduced THEN r.${column} ELSE ${before} + p.${column} END AS ${column}`;

const LAST_DAYS = `CROSS JOIN LATERAL (
      SELECT array_agg(x.day) AS days, array_agg(x.median) AS medians, (array_agg(x.sum / x.n))[1] AS mean, max(x.last_at) AS at
      FROM (SELECT d.day, d.median, d.sum, d.n, d.last_at FROM market.daily d
            WHERE d.server_id = $1 AND d.item_id = i.item_id AND d.day BETWEEN $2::date - 365 AND $2::date
            ORDER BY d.day DESC LIMIT 3) x
    ) t`;

/**
 * What windows have now: the row before plus the differences, or counted anew. Their first end moves only when a day up to
 * `head_until` has changed. The last three days of a series are the same for every window, as far as they lie in it; the first
 * three are not. One row per series with arrays of its windows, and lookups hanging from it: a join of the two would be planned
 * without knowing how many there are, as a loop in a loop.
 * @param part query of the parts @param before what a column of the row before counts for
 */
const WRITE_WINDOWS = (part: string, before: (column: string) => string): string => `
  series AS MATERIALIZED (
    SELECT item_id, array_agg(days) AS days, array_agg(n) AS n, array_agg(day_count) AS day_count, array_agg(sum) AS sum,
      array_agg(first_changed) AS first_changed, array_agg(is_reduced) AS is_reduced
    FROM (${part}) p GROUP BY item_id
  ),
  counted AS MATERIALIZED (
    SELECT i.item_id, p.days, w.tid, t.days AS tail_days, t.medians AS tail_medians, t.mean AS last_mean, t.at AS last_at,${[
      'n',
      'day_count',
      'sum',
    ]
      .map((column) => OVER(before(column), column))
      .join()},
      w.head_until IS NULL OR p.first_changed <= w.head_until AS is_head_open,
      w.first_day, w.first_mean, w.first_median, w.first_at, w.head_until
    FROM series i
    ${LAST_DAYS}
    CROSS JOIN LATERAL unnest(i.days, i.n, i.day_count, i.sum, i.first_changed, i.is_reduced)
      AS p (days, n, day_count, sum, first_changed, is_reduced)
    LEFT JOIN LATERAL (
      SELECT w.ctid AS tid, w.* FROM market.window_stat w
      WHERE w.server_id = $1 AND w.days = p.days AND w.item_id = i.item_id OFFSET 0
    ) w ON true
    LEFT JOIN LATERAL (
      SELECT sum(d.n) AS n, count(*) AS day_count, sum(d.sum) AS sum FROM market.daily d
      WHERE p.is_reduced AND d.server_id = $1 AND d.item_id = i.item_id AND d.day BETWEEN $2::date - p.days AND $2::date
      OFFSET 0
    ) r ON true
  ),
  next AS MATERIALIZED (
    SELECT c.days, c.item_id, c.tid, c.n, c.day_count, c.sum, c.tail_days[1] AS last_day, c.last_mean, c.last_at,
      ${MEDIAN_OF_THREE(
        'c.tail_medians[1]',
        'CASE WHEN c.tail_days[2] >= $2::date - c.days THEN c.tail_medians[2] END',
        'CASE WHEN c.tail_days[3] >= $2::date - c.days THEN c.tail_medians[3] END',
      )} AS last_median,
      ${OPEN_HEAD('h.days[1]', 'first_day')} AS first_day,
      ${OPEN_HEAD('h.mean', 'first_mean')} AS first_mean,
      ${OPEN_HEAD(MEDIAN_OF_THREE('h.medians[1]', 'h.medians[2]', 'h.medians[3]'), 'first_median')} AS first_median,
      ${OPEN_HEAD('h.at', 'first_at')} AS first_at,
      ${OPEN_HEAD('h.days[3]', 'head_until')} AS head_until
    FROM counted c
    CROSS JOIN LATERAL (
      SELECT array_agg(x.day) AS days, array_agg(x.median) AS medians, (array_agg(x.sum / x.n))[1] AS mean, min(x.first_at) AS at
      FROM (SELECT d.day, d.median, d.sum, d.n, d.first_at FROM market.daily d
            WHERE c.is_head_open AND d.server_id = $1 AND d.item_id = c.item_id AND d.day BETWEEN $2::date - c.days AND $2::date
            ORDER BY d.day LIMIT 3) x
    ) h
    WHERE c.day_count > 0
  ),
  moved AS (
    UPDATE market.window_stat w
    SET as_of = $2::date, n = x.n, day_count = x.day_count, sum = x.sum, first_day = x.first_day, last_day = x.last_day,
      first_mean = x.first_mean, last_mean = x.last_mean, first_median = x.first_median, last_median = x.last_median,
      first_at = x.first_at, last_at = x.last_at, head_until = x.head_until
    FROM (SELECT * FROM next WHERE tid IS NOT NULL LIMIT (SELECT count(*) FROM counted)) x
    WHERE w.ctid = x.tid
  ),
  begun AS (
    INSERT INTO market.window_stat (server_id, days, item_id, as_of, n, day_count, sum, first_day, last_day,
      first_mean, last_mean, first_median, last_median, first_at, last_at, head_until)
    SELECT $1, days, item_id, $2::date, n, day_count, sum, first_day, last_day,
      first_mean, last_mean, first_median, last_median, first_at, last_at, head_until
    FROM next WHERE tid IS NULL
  )`;

const UPDATE_WINDOWS = {
  name: 'market.rollups.update-windows',
  text: `WITH ${STANDARD}, ${WRITE_WINDOWS(PARTS_CHANGED, (column) => `coalesce(w.${column}, 0)`)}
  DELETE FROM market.window_stat w USING (SELECT tid FROM counted WHERE day_count = 0 LIMIT (SELECT count(*) FROM counted)) c
  WHERE w.ctid = c.tid`,
};

const REBUILD_WINDOWS = {
  name: 'market.rollups.rebuild-windows',
  text: `WITH ${STANDARD}, ${WRITE_WINDOWS(PARTS_WHOLE, () => '0')}
  DELETE FROM market.window_stat w
  WHERE w.server_id = $1 AND NOT EXISTS (SELECT FROM counted c WHERE c.days = w.days AND c.item_id = w.item_id)`,
};

/** Most batches and pairs looked at for one portion, however many are the same; an import marks some 8,000 pairs at a time. */
const MAX_BATCHES = 1_000;
const MAX_MARKED = 64_000;

/** Series in one row of stale ones. */
const STALE_AT_ONCE = 2_000;

/** What a portion changed in `daily`: columns of equal length as PostgreSQL's text of arrays, which only it reads. */
export interface ChangedDays {
  /** Marked batches that were taken away. */
  batchCount: number;
  /** Marked batches there were, the taken ones among them. */
  waitingCount: number;
  /** Days written or deleted. */
  count: number;
  itemIds: string | null;
  days: string | null;
  counts: string | null;
  dayCounts: string | null;
  sums: string | null;
  /** Whether the median of all raw rows is another than before. */
  moved: string | null;
}

/** Days whose median flags have moved, in the same form. */
export interface MovedMedians {
  itemIds: string | null;
  days: string | null;
}

@Injectable()
export class RollupsRepository {
  /** Makes this transaction the only one that derives the server's rollups. */
  async lock(tx: Tx, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.rollups.lock',
      text: 'SELECT pg_advisory_xact_lock($1, $2)',
      values: [ADVISORY_LOCK.marketRollups, serverId],
    });
  }

  /** @returns false when somebody else has it */
  async tryLock(tx: Tx, serverId: number): Promise<boolean> {
    const [row] = await tx.query<{ isMine: boolean }>({
      name: 'market.rollups.try-lock',
      text: 'SELECT pg_try_advisory_xact_lock($1, $2) AS "isMine"',
      values: [ADVISORY_LOCK.marketRollups, serverId],
    });
    return row!.isMine;
  }

  /** @returns the day for which the window rows stand as ISO date, null when there are none yet */
  async findAsOf(tx: Tx, serverId: number): Promise<string | null> {
    const [row] = await tx.query<{ asOf: string }>({
      name: 'market.rollups.find-as-of',
      text: 'SELECT as_of::text AS "asOf" FROM market.rollup_version WHERE server_id = $1',
      values: [serverId],
    });
    return row?.asOf ?? null;
  }

  /** Takes marked days away, oldest first, and derives them from raw rows. @param maxDays but at least one batch */
  async refreshDays(tx: Tx, serverId: number, maxDays: number): Promise<ChangedDays> {
    const [changed] = await tx.query<ChangedDays>({
      ...REFRESH_DAYS,
      values: [serverId, maxDays, MAX_BATCHES, MAX_MARKED],
    });
    return changed!;
  }

  /** Flags the suspicious raw rows of changed days and of the days whose level they are part of; medians follow. */
  async judgeDays(tx: Tx, serverId: number, changed: ChangedDays): Promise<MovedMedians> {
    const { itemIds, days, moved } = changed;
    const [medians] = await tx.query<MovedMedians>({
      ...JUDGE_DAYS,
      values: [serverId, itemIds, days, moved],
    });
    return medians!;
  }

  /** Carries changed days into window rows that stand for `asOf`. @param asOf ISO date */
  async updateWindows(
    tx: Tx,
    serverId: number,
    asOf: string,
    changed: ChangedDays,
    medians: MovedMedians,
  ): Promise<void> {
    const { itemIds, days, counts, dayCounts, sums } = changed;
    await tx.query({
      ...UPDATE_WINDOWS,
      values: [serverId, asOf, itemIds, days, counts, dayCounts, sums, medians.itemIds, medians.days],
    });
  }

  /** Makes every window row of the server anew. @param asOf ISO date */
  async rebuildWindows(tx: Tx, serverId: number, asOf: string): Promise<void> {
    await tx.query({ ...REBUILD_WINDOWS, values: [serverId, asOf] });
  }

  /** The figures of the series whose days have changed are stale, those of days with a moved median alone too. */
  async markSeries(
    tx: Tx,
    serverId: number,
    { itemIds, days }: ChangedDays,
    medians: MovedMedians | undefined,
  ): Promise<void> {
    await tx.query({
      name: 'market.rollups.mark-series',
      text: `INSERT INTO market.stale_series (server_id, item_ids, days)
             SELECT $1, array_agg(DISTINCT c.item_id), array_agg(DISTINCT c.day)
             FROM (SELECT * FROM unnest($2::int4[], $3::date[]) UNION ALL SELECT * FROM unnest($4::int4[], $5::date[]))
               AS c (item_id, day)`,
      values: [serverId, itemIds, days, medians?.itemIds ?? null, medians?.days ?? null],
    });
  }

  /** The figures of all series are stale, those of series that have left the longest window too. */
  async markAllSeries(tx: Tx, serverId: number): Promise<void> {
    await tx.query({
      name: 'market.rollups.mark-all-series',
      text: `INSERT INTO market.stale_series (server_id, item_ids)
             SELECT $1, array_agg(item_id) FROM (
               SELECT item_id, row_number() OVER (ORDER BY item_id) / ${STALE_AT_ONCE} AS part FROM (
                 SELECT item_id FROM market.window_stat WHERE server_id = $1
                 UNION SELECT item_id FROM market.window_figure WHERE server_id = $1) s) p
             GROUP BY part`,
      values: [serverId],
    });
  }

  /** @param asOf ISO date */
  async bumpVersion(tx: Tx, serverId: number, asOf: string): Promise<void> {
    await tx.query({
      name: 'market.rollups.bump-version',
      text: `INSERT INTO market.rollup_version AS v (server_id, as_of) VALUES ($1, $2)
             ON CONFLICT (server_id) DO UPDATE
               SET version = v.version + 1, as_of = excluded.as_of, refreshed_at = clock_timestamp()`,
      values: [serverId, asOf],
    });
  }

  /** Servers with marked days or with window rows of a day before `today`. @param today ISO date */
  async listStaleServers(tx: Tx, today: string): Promise<number[]> {
    const rows = await tx.query<{ id: number }>({
      name: 'market.rollups.list-stale-servers',
      text: `SELECT s.id FROM market.server s
             WHERE EXISTS (SELECT FROM market.dirty_batch b WHERE b.server_id = s.id)
                OR EXISTS (SELECT FROM market.rollup_version v WHERE v.server_id = s.id AND v.as_of < $1::date)
             ORDER BY s.id`,
      values: [today],
    });
    return rows.map(({ id }) => id);
  }
}
