import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Bucket, BucketFigures } from './series-bucket.js';

/** A row of either statement below. */
export type BucketRow = BucketFigures;

export interface BucketSpan {
  /** Beginning of the first bucket. */
  fromMs: number;
  /** Beginning of the bucket after the last one. */
  endMs: number;
  limit: number;
}

/** Of item $2 on server $1 from $3 to before $4, in seconds. */
const RAW_ROWS = `
  SELECT o.captured_at, o.id, o.price, f.item_id IS NOT NULL AS is_flagged
  FROM market.observation o
  LEFT JOIN market.observation_flag f ON f.server_id = o.server_id AND f.item_id = o.item_id
    AND f.captured_at = o.captured_at AND f.source_id = o.source_id AND f.price = o.price
    AND f.verdict IS DISTINCT FROM 'cleared'
  WHERE o.server_id = $1 AND o.item_id = $2 AND o.captured_at >= to_timestamp($3) AND o.captured_at < to_timestamp($4)`;

/** One item's observations put together; buckets without any are left out. */
@Injectable()
export class SeriesRepository {
  /** Whole days, oldest first. */
  daysStatement(serverId: number, itemId: number, { fromMs, endMs, limit }: BucketSpan): Statement {
    return {
      name: 'market.series.list-days',
      text: `SELECT (extract(epoch FROM day) * 1000)::float8 AS "startMs", open, high, low, close, sum, median, n
             FROM market.daily
             WHERE server_id = $1 AND item_id = $2
               AND day >= (to_timestamp($3) AT TIME ZONE 'UTC')::date AND day < (to_timestamp($4) AT TIME ZONE 'UTC')::date
             ORDER BY day LIMIT $5`,
      values: [serverId, itemId, fromMs / 1_000, endMs / 1_000, limit],
    };
  }

  /** Whole hours, oldest first, from raw rows; their medians leave out what is flagged, as those of days do. */
  hoursStatement(serverId: number, itemId: number, { fromMs, endMs, limit }: BucketSpan): Statement {
    return {
      name: 'market.series.list-hours',
      text: `SELECT (extract(epoch FROM date_trunc('hour', captured_at, 'UTC')) * 1000)::float8 AS "startMs",
               (array_agg(price ORDER BY captured_at, price))[1] AS open, max(price) AS high, min(price) AS low,
               (array_agg(price ORDER BY captured_at DESC, price DESC))[1] AS close, sum(price) AS sum,
               coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY price) FILTER (WHERE NOT is_flagged),
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY price)) AS median, count(*) AS n
             FROM (${RAW_ROWS}) o
             GROUP BY 1 ORDER BY 1 LIMIT $5`,
      values: [serverId, itemId, fromMs / 1_000, endMs / 1_000, limit],
    };
  }

  /** Quantiles of whole buckets, from raw rows that are not flagged, or from all where all are. */
  quantilesStatement(
    bucket: Bucket,
    serverId: number,
    itemId: number,
    { fromMs, endMs }: Omit<BucketSpan, 'limit'>,
  ): Statement {
    const quantiles = `percentile_cont(ARRAY[0.05, 0.95]) WITHIN GROUP (ORDER BY price)`;
    return {
      name: 'market.series.list-quantiles',
      text: `SELECT (extract(epoch FROM start) * 1000)::float8 AS "startMs", q[1] AS p5, q[2] AS p95, n
             FROM (
               SELECT date_trunc($5, captured_at, 'UTC') AS start, count(*) AS n,
                 coalesce(${quantiles} FILTER (WHERE NOT is_flagged), ${quantiles}) AS q
               FROM (${RAW_ROWS}) o GROUP BY 1) b`,
      values: [serverId, itemId, fromMs / 1_000, endMs / 1_000, bucket],
    };
  }
}
