import {
  LEAST_DAY_PRICES,
  LEAST_LEVEL_DAYS,
  LEAST_PRICE,
  LEAST_REACH,
  LEVEL_DAYS,
  LEVEL_REACH_DAYS,
  REACH_PER_MAD,
  SLACK,
} from './flag-rule.js';

// flag-rule.ts in SQL, for the days that a portion of the rollups has derived anew and for those whose level they are part of.
// It comes after the statement that writes the days and before the one that moves windows, in their transaction: flags, medians
// and windows are never apart.
//
// Nearly every day lies within the least reach by its lowest and highest price; only the others, and those that have flags
// already, have their raw rows read. A flag stays as long as the rule says so, or as long as there is a verdict and
// the price is the one it speaks of.

const log = (price: string): string => `ln(greatest(${price}, ${LEAST_PRICE}::float8))`;
const middle = (sorted: string): string =>
  `(${sorted}[(cardinality(${sorted}) + 1) / 2] + ${sorted}[cardinality(${sorted}) / 2 + 1]) / 2`;
const IN_DAY = (table: string): string => `
  ${table}.server_id = $1 AND ${table}.item_id = s.item_id
  AND ${table}.captured_at >= s.day::timestamp AT TIME ZONE 'UTC'
  AND ${table}.captured_at < (s.day + 1)::timestamp AT TIME ZONE 'UTC'`;
const REACH = LEAST_REACH + SLACK;

/**
 * $1 server; $2 items, $3 days, $4 whether the day's raw median has changed, as PostgreSQL's text of arrays.
 * @returns one row: the days whose median flags have moved, in the same form
 */
export const JUDGE_DAYS = {
  name: 'market.flags.judge-days',
  text: `WITH changed AS (
    SELECT * FROM unnest($2::int4[], $3::date[], $4::bool[]) AS c (item_id, day, is_moved)
  ),
  pair AS MATERIALIZED (
    SELECT item_id, day FROM changed
    UNION
    SELECT c.item_id, f.day FROM changed c
    CROSS JOIN LATERAL (
      SELECT d.day FROM market.daily d
      WHERE d.server_id = $1 AND d.item_id = c.item_id AND d.day > c.day AND d.day <= c.day + ${LEVEL_REACH_DAYS}
      ORDER BY d.day LIMIT ${LEVEL_DAYS}
    ) f
    WHERE c.is_moved AND NOT EXISTS (
      SELECT FROM market.detached_month m WHERE m.month = date_trunc('month', f.day)::date)
  ),
  measured AS MATERIALIZED (
    SELECT p.item_id, p.day, d.tid, d.n, d.low, d.high, d.raw_median, h.logs,
      CASE WHEN cardinality(h.logs) >= ${LEAST_LEVEL_DAYS} THEN ${middle('h.logs')} END AS level
    FROM pair p
    LEFT JOIN LATERAL (
      SELECT d.ctid AS tid, d.n, d.low, d.high, coalesce(d.raw_median, d.median) AS raw_median FROM market.daily d
      WHERE d.server_id = $1 AND d.item_id = p.item_id AND d.day = p.day OFFSET 0
    ) d ON true
    CROSS JOIN LATERAL (
      SELECT array_agg(x.log ORDER BY x.log) AS logs
      FROM (SELECT ${log('coalesce(d.raw_median, d.median)')} AS log FROM market.daily d
            WHERE d.server_id = $1 AND d.item_id = p.item_id AND d.day < p.day AND d.day >= p.day - ${LEVEL_REACH_DAYS}
            ORDER BY d.day DESC LIMIT ${LEVEL_DAYS}) x
    ) h
  ),
  suspect AS MATERIALIZED (
    SELECT s.item_id, s.day, s.tid, s.raw_median,
      CASE WHEN s.level IS NULL THEN 'day' ELSE 'level' END AS basis,
      CASE WHEN s.level IS NULL THEN s.raw_median ELSE exp(s.level) END AS expected,
      s.middle AS center,
      CASE WHEN s.level IS NULL THEN ${LEAST_REACH}
           ELSE greatest(${LEAST_REACH}, ${REACH_PER_MAD} * (SELECT ${middle('a.gaps')} FROM (
             SELECT array_agg(abs(g - s.level) ORDER BY abs(g - s.level)) AS gaps FROM unnest(s.logs) AS g) a)) END AS reach,
      s.middle IS NOT NULL AS is_measured
    FROM (SELECT *, coalesce(level, CASE WHEN n >= ${LEAST_DAY_PRICES} THEN ${log('raw_median')} END) AS middle FROM measured) s
    WHERE ${log('s.low')} < s.middle - ${REACH} OR ${log('s.high')} > s.middle + ${REACH}
      OR EXISTS (SELECT FROM market.observation_flag f WHERE ${IN_DAY('f')} OFFSET 0)
  ),
  judged AS MATERIALIZED (
    SELECT s.item_id, s.day, s.tid, s.raw_median, s.expected, r.*,
      CASE WHEN r.id IS NULL OR NOT s.is_measured THEN NULL
           WHEN ${log('r.price')} > s.center + s.reach + ${SLACK} THEN 'above-' || s.basis
           WHEN ${log('r.price')} < s.center - s.reach - ${SLACK} THEN 'below-' || s.basis END AS reason,
      CASE WHEN r.price = r.flag_price THEN r.given_verdict END AS verdict
    FROM suspect s
    CROSS JOIN LATERAL (
      SELECT captured_at, source_id, o.id, o.price, f.tid AS flag_tid, f.observation_id AS flag_id, f.price AS flag_price, f.reason AS flag_reason,
        f.expected_price AS flag_expected, f.verdict AS given_verdict
      FROM (SELECT o.captured_at, o.source_id, o.id, o.price FROM market.observation o WHERE ${IN_DAY('o')}) o
      FULL JOIN (SELECT f.captured_at, f.source_id, f.ctid AS tid, f.observation_id, f.price, f.reason, f.expected_price, f.verdict
                 FROM market.observation_flag f WHERE ${IN_DAY('f')}) f USING (captured_at, source_id)
    ) r
  ),
  lifted AS (
    DELETE FROM market.observation_flag f
    USING (SELECT flag_tid FROM judged WHERE flag_tid IS NOT NULL AND (id IS NULL OR (reason IS NULL AND verdict IS NULL))
           LIMIT (SELECT count(*) FROM judged)) j
    WHERE f.ctid = j.flag_tid
  ),
  raised AS (
    INSERT INTO market.observation_flag AS f
      (server_id, item_id, captured_at, source_id, observation_id, price, reason, expected_price, ratio)
    SELECT $1, item_id, captured_at, source_id, id, price, reason, expected, price / greatest(expected, ${LEAST_PRICE}::float8)
    FROM judged
    WHERE reason IS NOT NULL
      AND (flag_tid IS NULL OR (flag_id, flag_price, flag_reason, flag_expected) IS DISTINCT FROM (id, price, reason, expected))
    ON CONFLICT (server_id, item_id, captured_at, source_id) DO UPDATE
      SET price = excluded.price, reason = excluded.reason, expected_price = excluded.expected_price, ratio = excluded.ratio,
          observation_id = excluded.observation_id,
          verdict = CASE WHEN f.price = excluded.price THEN f.verdict END,
          judged_by = CASE WHEN f.price = excluded.price THEN f.judged_by END,
          judged_at = CASE WHEN f.price = excluded.price THEN f.judged_at END,
          flagged_at = CASE WHEN f.price = excluded.price THEN f.flagged_at ELSE excluded.flagged_at END
  ),
  mended AS (
    SELECT item_id, day, tid, min(raw_median) AS raw_median,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FILTER (WHERE is_clean) AS clean,
      coalesce((array_agg(price ORDER BY captured_at, price) FILTER (WHERE is_clean))[1], 'NaN') AS clean_open,
      coalesce((array_agg(price ORDER BY captured_at DESC, price DESC) FILTER (WHERE is_clean))[1], 'NaN') AS clean_close,
      coalesce(max(captured_at) FILTER (WHERE is_clean), max(captured_at)) AS clean_at
    FROM (SELECT *, (reason IS NULL AND verdict IS NULL) OR verdict IS NOT DISTINCT FROM 'cleared' AS is_clean FROM judged) j
    WHERE id IS NOT NULL AND tid IS NOT NULL GROUP BY item_id, day, tid
  ),
  moved AS (
    UPDATE market.daily d SET median = m.median, raw_median = m.kept, clean_open = nullif(m.clean_open, d.open),
      clean_close = nullif(m.clean_close, d.close), clean_at = nullif(m.clean_at, d.last_at)
    FROM (SELECT *, coalesce(clean, raw_median) AS median, CASE WHEN clean <> raw_median THEN raw_median END AS kept
          FROM mended LIMIT (SELECT count(*) FROM judged)) m
    WHERE d.ctid = m.tid AND (d.median, d.raw_median, d.clean_open, d.clean_close, d.clean_at) IS DISTINCT FROM
      (m.median, m.kept, nullif(m.clean_open, d.open), nullif(m.clean_close, d.close), nullif(m.clean_at, d.last_at))
    RETURNING d.item_id, d.day
  )
  SELECT array_agg(item_id)::text AS "itemIds", array_agg(day)::text AS days FROM moved`,
};
