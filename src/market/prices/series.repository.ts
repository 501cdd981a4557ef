import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { BucketFigures } from './series-bucket.js';

/** A row of either statement below. */
export type BucketRow = BucketFigures;

export interface BucketSpan {
  /** Beginning of the first bucket. */
  fromMs: number;
  /** Beginning of the bucket after the last one. */
  endMs: number;
  limit: number;
}

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

  /** Whole hours, oldest first, from raw rows. */
  hoursStatement(serverId: number, itemId: number, { fromMs, endMs, limit }: BucketSpan): Statement {
    return {
      name: 'market.series.list-hours',
      text: `SELECT (extract(epoch FROM date_trunc('hour', captured_at, 'UTC')) * 1000)::float8 AS "startMs",
               (array_agg(price ORDER BY captured_at, id))[1] AS open, max(price) AS high, min(price) AS low,
               (array_agg(price ORDER BY captured_at DESC, id DESC))[1] AS close, sum(price) AS sum,
               percentile_cont(0.5) WITHIN GROUP (ORDER BY price) AS median, count(*) AS n
             FROM market.observation
             WHERE server_id = $1 AND item_id = $2
               AND captured_at >= to_timestamp($3) AND captured_at < to_timestamp($4)
             GROUP BY 1 ORDER BY 1 LIMIT $5`,
      values: [serverId, itemId, fromMs / 1_000, endMs / 1_000, limit],
    };
  }
}
