import { Injectable } from '@nestjs/common';
import type { FlagReason } from '../flags/flag-rule.js';
import type { Statement } from '../../platform/database/unit-of-work.js';

export interface PriceRow {
  itemId: number;
  externalId: number | null;
  label: string;
  price: number;
  capturedAt: Date;
  lots: number;
  source: string;
  isSimulated: boolean;
  /** The server's version in the same snapshot. */
  version: number;
}

export interface ObservationRow {
  id: number;
  capturedAt: Date;
  price: number;
  lots: number;
  source: string;
  isSimulated: boolean;
}

export interface SeriesRow extends ObservationRow {
  /** Null while it is not flagged, or cleared. */
  flagReason: FlagReason | null;
  /** Its instant as microseconds since 1970: what a Date cannot hold and a cursor must. */
  capturedAtUs: number;
}

const LATEST = `
  SELECT l.item_id AS "itemId", i.external_id AS "externalId", i.label, l.price, l.captured_at AS "capturedAt", l.lots,
    s.name AS source, s.is_simulated AS "isSimulated", v.version
  FROM market.server_version v
  JOIN market.latest l ON l.server_id = v.server_id
  JOIN market.item i ON i.id = l.item_id
  JOIN market.source s ON s.id = l.source_id
  WHERE v.server_id = $1`;

/** Reads of `latest` and of raw rows; single short statements for `uow.read`. */
@Injectable()
export class PricesRepository {
  versionStatement(serverId: number): Statement {
    return {
      name: 'market.prices.get-version',
      text: 'SELECT version FROM market.server_version WHERE server_id = $1',
      values: [serverId],
    };
  }

  /** Prices and the server's version in one snapshot, so that the tag is never newer or older than the rows. */
  latestStatement(serverId: number, itemIds: readonly number[]): Statement {
    return {
      name: 'market.prices.list-latest',
      text: `${LATEST} AND l.item_id = ANY ($2::int[]) ORDER BY l.item_id`,
      values: [serverId, itemIds],
    };
  }

  latestByExternalIdStatement(serverId: number, gameId: number, externalIds: readonly number[]): Statement {
    return {
      name: 'market.prices.list-latest-by-external-id',
      text: `${LATEST} AND i.game_id = $2 AND i.external_id = ANY ($3::int[]) ORDER BY l.item_id`,
      values: [serverId, gameId, externalIds],
    };
  }

  /** Raw rows of one item in the order of its points (ingest/point.ts), oldest first. */
  seriesStatement(
    serverId: number,
    itemId: number,
    span: {
      fromMs: number;
      toMs: number;
      limit: number;
      after: readonly [atUs: number, price: number, id: number] | undefined;
    },
  ): Statement {
    const [afterAt, afterPrice, afterId] = span.after ?? [null, null, null];
    return {
      name: 'market.prices.list-series',
      text: `SELECT o.id, o.captured_at AS "capturedAt",
               (extract(epoch FROM o.captured_at) * 1000000)::bigint AS "capturedAtUs", o.price, o.lots, s.name AS source,
               s.is_simulated AS "isSimulated", f.reason AS "flagReason"
             FROM market.observation o JOIN market.source s ON s.id = o.source_id
             LEFT JOIN market.observation_flag f ON f.server_id = o.server_id AND f.item_id = o.item_id
               AND f.captured_at = o.captured_at AND f.source_id = o.source_id AND f.price = o.price
               AND f.verdict IS DISTINCT FROM 'cleared'
             WHERE o.server_id = $1 AND o.item_id = $2
               AND o.captured_at >= to_timestamp($3) AND o.captured_at <= to_timestamp($4)
               AND ($5::bigint IS NULL OR (o.captured_at, o.price, o.id)
                 > (to_timestamp(0) + $5 * interval '1 microsecond', $6::float8, $7::bigint))
             ORDER BY o.captured_at, o.price, o.id LIMIT $8`,
      values: [
        serverId,
        itemId,
        span.fromMs / 1_000,
        span.toMs / 1_000,
        afterAt,
        afterPrice,
        afterId,
        span.limit,
      ],
    };
  }
}
