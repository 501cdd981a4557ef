import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';

/** Where one may buy and sell, and what is left of a price sold there. */
export interface TradePlace {
  serverId: number;
  /** Share of the price that the seller keeps, 0 to 1. */
  keptShare: number;
  isToBuy: boolean;
  isToSell: boolean;
}

export interface ArbitrageQuestion {
  /** Servers of one game. */
  places: readonly TradePlace[];
  /** UTC day of the question, ISO date. */
  today: string;
  /** Unix time in milliseconds before which a price is too old. */
  sinceMs: number;
  minProfit: number;
  minMarginPct: number;
  /** Of either price, 0 to 1. */
  minConfidence: number;
  itemIds: readonly number[] | null;
  order: ArbitrageOrder;
  limit: number;
  after: readonly [sortKey: number, itemId: number] | null;
}

export const ARBITRAGE_ORDERS = ['profit', 'margin'] as const;
export type ArbitrageOrder = (typeof ARBITRAGE_ORDERS)[number];

export interface ArbitrageRow {
  itemId: number;
  externalId: number | null;
  label: string;
  buyServerId: number;
  buyPrice: number;
  buyAt: Date;
  sellServerId: number;
  sellPrice: number;
  sellAt: Date;
  profit: number;
  marginPct: number;
  /** Observations of the month on the server with fewer. */
  n: number;
  confidence: number;
  /** Ascending in the order that was asked for. */
  sortKey: number;
}

const SORT_KEY: Record<ArbitrageOrder, string> = { profit: '-profit', margin: '-margin_pct' };
/** Below it a margin means nothing. */
const LEAST_PRICE = 1e-9;
/** Further from the median of the last three days seen a price is no offer to count on; the factor of flags. */
const MAX_RATIO = 5;

/** confidence.ts for the month that ends today. */
const CONFIDENCE = `round(((1 - power(2, -w.n / 6.0::float8)) * least(1, w.day_count / 14.0::float8)
  * power(2, -greatest(0, $5::date - (l.captured_at AT TIME ZONE 'UTC')::date) / 7.0::float8) * 1000)) / 1000`;

/**
 * Usable newest prices of one place `p` with their rows of the 30-day window. By place, so that the planner joins a few thousand rows
 * of one server by their keys, however many servers there are. The confidence is worked out for rows that are asked for it alone.
 */
const offersOf = (columns: string, also: string): string => `
  SELECT ${columns} FROM market.latest l
  JOIN market.window_stat w ON w.server_id = l.server_id AND w.item_id = l.item_id
  WHERE l.server_id = p.server_id AND w.server_id = p.server_id AND w.days = 30
    AND l.captured_at >= to_timestamp($6) AND l.price >= ${LEAST_PRICE}
    AND l.price BETWEEN w.last_median / ${MAX_RATIO} AND w.last_median * ${MAX_RATIO}
    AND ($8 = 0::float8 OR ${CONFIDENCE} >= $8) ${also}
  OFFSET 0`;

/** The place of a shown row that has the price found; of several the one that is trusted most. */
const placeOf = (condition: string): string => `
  CROSS JOIN LATERAL (
    SELECT p.server_id, o.* FROM place p CROSS JOIN LATERAL (${offersOf(
      `l.price, l.captured_at, w.n, ${CONFIDENCE} AS confidence`,
      'AND l.item_id = s.item_id',
    )}) o
    WHERE ${condition} ORDER BY o.confidence DESC, p.server_id LIMIT 1
  )`;

/**
 * Per item the cheapest place to buy and the place where most is left of a sale: one pass over the newest prices of all servers. A
 * price of one place alone is never a profit, since nothing is left of it that exceeds it.
 */
@Injectable()
export class ArbitrageRepository {
  bestStatement(question: ArbitrageQuestion): Statement {
    const { places, today, sinceMs, minProfit, minMarginPct, minConfidence, itemIds } = question;
    const { order, limit, after } = question;
    const [afterKey, afterId] = after ?? [null, null];
    return {
      name: `market.arbitrage.list-best-by-${order}`,
      text: `WITH place AS (
          SELECT * FROM unnest($1::int2[], $2::float8[], $3::bool[], $4::bool[]) AS p (server_id, kept, may_buy, may_sell)
        ),
        best AS (
          SELECT item_id, buy, net, net - buy AS profit, (net - buy) / buy * 100 AS margin_pct
          FROM (SELECT o.item_id, min(o.price) FILTER (WHERE p.may_buy) AS buy,
                  max(o.price * p.kept) FILTER (WHERE p.may_sell) AS net
                FROM place p
                CROSS JOIN LATERAL (${offersOf('l.item_id, l.price', 'AND ($7::int4[] IS NULL OR l.item_id = ANY ($7))')}) o
                GROUP BY o.item_id) b
          WHERE net > buy
        ),
        shown AS MATERIALIZED (
          SELECT * FROM (SELECT *, ${SORT_KEY[order]} AS sort_key FROM best WHERE profit >= $9 AND margin_pct >= $10) b
          WHERE $11::float8 IS NULL OR (sort_key, item_id) > ($11, $12::int4)
          ORDER BY sort_key, item_id LIMIT $13
        )
        SELECT s.item_id AS "itemId", i.external_id AS "externalId", i.label,
          b.server_id AS "buyServerId", b.price AS "buyPrice", b.captured_at AS "buyAt",
          t.server_id AS "sellServerId", t.price AS "sellPrice", t.captured_at AS "sellAt", s.profit, s.margin_pct AS "marginPct",
          least(b.n, t.n) AS n, least(b.confidence, t.confidence) AS confidence, s.sort_key AS "sortKey"
        FROM shown s JOIN market.item i ON i.id = s.item_id
        ${placeOf('p.may_buy AND o.price = s.buy')} b
        ${placeOf('p.may_sell AND o.price * p.kept = s.net')} t
        ORDER BY s.sort_key, s.item_id`,
      values: [
        places.map(({ serverId }) => serverId),
        places.map(({ keptShare }) => keptShare),
        places.map(({ isToBuy }) => isToBuy),
        places.map(({ isToSell }) => isToSell),
        today,
        sinceMs / 1_000,
        itemIds,
        minConfidence,
        minProfit,
        minMarginPct,
        afterKey,
        afterId,
        limit,
      ],
    };
  }
}
