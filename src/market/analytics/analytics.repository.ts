import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import { LEAST_PRICE } from './market-index.js';
import type { UtcDay } from './utc-day.js';

export type Method = 'classic' | 'robust';
export type MoverOrder = 'desc' | 'asc' | 'abs';
/** Where the rows of a span come from: kept rows of a standard window, or worked out from the days. */
export type RowSource = 'window' | 'daily';

export interface RollupVersionRow {
  version: number;
  /** The day on which the kept windows end. */
  asOf: UtcDay;
  /** The same of the figures, which follow; null while there are none, or they stand for two days. */
  figuresVersion: number | null;
  figuresAsOf: UtcDay | null;
}

export interface IndexRow {
  /** Items with an observation in the span. */
  seenCount: number;
  /** Items that count. */
  itemCount: number;
  /** Observations and days of the items that count. */
  n: number | null;
  days: number | null;
  firstSeenAt: Date | null;
  lastSeenAt: Date | null;
  weightedPct: number | null;
  weightedSquares: number | null;
}

export interface MoverRow {
  itemId: number;
  externalId: number | null;
  iconId: string | null;
  label: string;
  /** Percent (classic) or ln(last / first) (robust). */
  change: number;
  firstPrice: number;
  lastPrice: number;
  n: number;
  days: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** Ascending in the order that was asked for. */
  sortKey: number;
}

export interface ItemName {
  itemId: number;
  externalId: number | null;
  label: string;
  iconId: string | null;
  category: string | null;
}

export interface MoversQuestion {
  method: Method;
  order: MoverOrder;
  limit: number;
  /** Bounds of the last price, inclusive, in the game's coin. */
  minPrice: number | null;
  maxPrice: number | null;
  itemIds: number[] | null;
  /** Least number of observations. */
  minN: number;
  after: readonly [sortKey: number, itemId: number] | null;
}

export interface DayRow {
  day: UtcDay;
  n: number;
  mean: number;
  median: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
}

/** Rows of one span, one per item: $1 server, $2 and $3 first and last day, $4 items or null for all. */
const ROWS: Record<RowSource, string> = {
  window: `
    SELECT item_id, n, day_count, first_mean, last_mean, first_median, last_median, first_at, last_at
    FROM market.window_stat
    WHERE server_id = $1 AND days = $3::date - $2::date AND ($4::int[] IS NULL OR item_id = ANY ($4))`,
  daily: `
    SELECT item_id, sum(n) AS n, count(*) AS day_count,
      min(sum / n) FILTER (WHERE place = 1) AS first_mean, min(sum / n) FILTER (WHERE back = 1) AS last_mean,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE place <= 3) AS first_median,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FILTER (WHERE back <= 3) AS last_median,
      min(first_at) AS first_at, max(last_at) AS last_at
    FROM (SELECT *, row_number() OVER (PARTITION BY item_id ORDER BY day) AS place,
            row_number() OVER (PARTITION BY item_id ORDER BY day DESC) AS back
          FROM market.daily
          WHERE server_id = $1 AND day BETWEEN $2 AND $3 AND ($4::int[] IS NULL OR item_id = ANY ($4))) AS d
    GROUP BY item_id`,
};

/** Which items count, and how far each has moved. */
const COUNTS: Record<Method, string> = {
  classic: `day_count >= 2 AND first_mean >= ${LEAST_PRICE}`,
  robust: `day_count >= 2 AND first_median >= ${LEAST_PRICE} AND last_median >= ${LEAST_PRICE}`,
};
const CLASSIC_PCT = `CASE WHEN first_mean < ${LEAST_PRICE} THEN 0 ELSE (last_mean - first_mean) / first_mean * 100 END`;
const MOVES: Record<Method, { change: string; first: string; last: string; where: string }> = {
  classic: { change: CLASSIC_PCT, first: 'first_mean', last: 'last_mean', where: 'true' },
  robust: {
    change: 'ln(last_median / first_median)',
    first: 'first_median',
    last: 'last_median',
    where: `first_median >= ${LEAST_PRICE} AND last_median >= ${LEAST_PRICE}`,
  },
};
const SORT_KEY: Record<MoverOrder, string> = { desc: '-change', asc: 'change', abs: '-abs(change)' };

/** Reads of the rollups. Raw rows are never touched. */
@Injectable()
export class AnalyticsRepository {
  versionStatement(serverId: number): Statement {
    return {
      name: 'market.analytics.get-version',
      text: `SELECT v.version, v.as_of::text AS "asOf", f.version AS "figuresVersion", f.as_of::text AS "figuresAsOf"
             FROM market.rollup_version v LEFT JOIN market.figure_version f USING (server_id)
             WHERE v.server_id = $1`,
      values: [serverId],
    };
  }

  /** One row with what the items that count come to; what the robust index is, its links say (index-links.repository.ts). */
  indexStatement(
    serverId: number,
    span: Span,
    source: RowSource,
    method: Method,
    itemIds: readonly number[] | null,
  ): Statement {
    const figures =
      method === 'classic'
        ? `sum(change * day_count) FILTER (WHERE counts) AS "weightedPct",
           sum(change * change * day_count) FILTER (WHERE counts) AS "weightedSquares"`
        : 'NULL AS "weightedPct", NULL AS "weightedSquares"';
    return {
      name: `market.analytics.get-index-${method}-${source}`,
      text: `WITH w AS (${ROWS[source]}), c AS (SELECT *, ${COUNTS[method]} AS counts, ${CLASSIC_PCT} AS change FROM w)
             SELECT count(*) AS "seenCount", count(*) FILTER (WHERE counts) AS "itemCount",
               (sum(n) FILTER (WHERE counts))::float8 AS n, (sum(day_count) FILTER (WHERE counts))::float8 AS days,
               min(first_at) FILTER (WHERE counts) AS "firstSeenAt",
               max(last_at) FILTER (WHERE counts) AS "lastSeenAt", ${figures} FROM c`,
      values: [serverId, span.from, span.to, itemIds],
    };
  }

  /** Items by how far they have moved; ties by id. */
  moversStatement(serverId: number, span: Span, source: RowSource, question: MoversQuestion): Statement {
    const { method, order } = question;
    const { change, first, last, where } = MOVES[method];
    const [afterKey, afterId] = question.after ?? [null, null];
    const { itemIds, minN, minPrice, maxPrice, limit } = question;
    // Sorted first and named afterwards: the catalogue is looked up for the shown rows alone.
    return {
      name: `market.analytics.list-movers-${method}-${order}-${source}`,
      text: `WITH w AS (${ROWS[source]}),
             m AS (SELECT *, ${change} AS change, ${first} AS first_price, ${last} AS last_price FROM w
                   WHERE ${where} AND n >= $5 AND ($6::float8 IS NULL OR ${last} >= $6)
                     AND ($7::float8 IS NULL OR ${last} <= $7)),
             shown AS MATERIALIZED (
               SELECT * FROM (SELECT *, ${SORT_KEY[order]} AS sort_key FROM m) AS k
               WHERE $8::float8 IS NULL OR (sort_key, item_id) > ($8, $9::int)
               ORDER BY sort_key, item_id LIMIT $10)
             SELECT s.item_id AS "itemId", i.external_id AS "externalId", i.icon_id AS "iconId",
               i.label, s.change,
               s.first_price AS "firstPrice", s.last_price AS "lastPrice", s.n::int, s.day_count::int AS days,
               s.first_at AS "firstSeenAt", s.last_at AS "lastSeenAt", s.sort_key AS "sortKey"
             FROM shown s JOIN market.item i ON i.id = s.item_id ORDER BY s.sort_key, s.item_id`,
      values: [serverId, span.from, span.to, itemIds, minN, minPrice, maxPrice, afterKey, afterId, limit],
    };
  }

  /** What items are called. */
  namesStatement(itemIds: readonly number[]): Statement {
    return {
      name: 'market.analytics.list-names',
      text: `SELECT i.id AS "itemId", i.external_id AS "externalId", i.label, i.icon_id AS "iconId", c.name AS category
             FROM market.item i LEFT JOIN market.category c ON c.id = i.category_id WHERE i.id = ANY ($1::int[])`,
      values: [itemIds],
    };
  }

  /** The days of one item, oldest first. */
  daysStatement(serverId: number, itemId: number, span: Span): Statement {
    return {
      name: 'market.analytics.list-days',
      text: `SELECT day::text, n, sum / n AS mean, median, first_at AS "firstSeenAt", last_at AS "lastSeenAt"
             FROM market.daily WHERE server_id = $1 AND item_id = $2 AND day BETWEEN $3 AND $4 ORDER BY day`,
      values: [serverId, itemId, span.from, span.to],
    };
  }
}
