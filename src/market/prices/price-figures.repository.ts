import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';

/** The price of an item on a server at a moment, with what the days before say of it. */
export interface PriceFiguresRow {
  serverId: number;
  itemId: number;
  externalId: number | null;
  label: string;
  price: number;
  capturedAt: Date;
  /** These are null where only the day's row is left of a raw month that was taken away. */
  lots: number | null;
  source: string | null;
  isSimulated: boolean | null;
  isFlagged: boolean;
  /** Null without a day seen in the week. */
  median7d: number | null;
  low7d: number | null;
  /** Observations and days seen in the month. */
  n30d: number;
  days30d: number;
}

export interface PriceFiguresQuestion {
  gameId: number;
  serverIds: readonly number[];
  ids: { itemIds: readonly number[] } | { externalIds: readonly number[] };
  /** Last day that counts, ISO date. */
  lastDay: string;
  /** Last moment that counts as Unix time in milliseconds; undefined for the newest prices there are. */
  asOf: { ms: number } | undefined;
}

const IN_SERIES = (table: string): string => `${table}.server_id = v.server_id AND ${table}.item_id = i.id`;

/** A day's lowest price further down than this is none that anybody would believe. */
const LOW_SHARE = 1 / 5;

const NEWEST = `
  SELECT l.price, l.captured_at, l.lots, l.source_id FROM market.latest l WHERE ${IN_SERIES('l')} OFFSET 0`;

/** By the raw rows; by the day's last price where a month has left the raw history. $5 moment, $4 last whole day. */
const PAST = `
  SELECT * FROM (
    (SELECT o.price, o.captured_at, o.lots, o.source_id FROM market.observation o
     WHERE ${IN_SERIES('o')} AND o.captured_at <= to_timestamp($5) ORDER BY o.captured_at DESC, o.price DESC LIMIT 1)
    UNION ALL
    (SELECT d.close, d.last_at, NULL, NULL FROM market.daily d
     WHERE ${IN_SERIES('d')} AND d.day <= $4::date AND EXISTS (SELECT FROM market.detached_month)
     ORDER BY d.day DESC LIMIT 1)) x
  ORDER BY x.captured_at DESC, x.source_id NULLS LAST LIMIT 1`;

/** Prices of items on several servers at once, by items and servers. */
@Injectable()
export class PriceFiguresRepository {
  figuresStatement({ gameId, serverIds, ids, lastDay, asOf }: PriceFiguresQuestion): Statement {
    const isOurs = 'itemIds' in ids;
    const wanted = isOurs ? 'i.id = ANY ($3::int4[])' : 'i.external_id = ANY ($3::int4[])';
    const values = [gameId, serverIds, isOurs ? ids.itemIds : ids.externalIds, lastDay];
    return {
      name: `market.price-figures.list-${isOurs ? 'by-id' : 'by-external-id'}-${asOf ? 'past' : 'newest'}`,
      text: `SELECT v.server_id AS "serverId", i.id AS "itemId", i.external_id AS "externalId", i.label, p.price,
               p.captured_at AS "capturedAt", p.lots, s.name AS source, s.is_simulated AS "isSimulated",
               EXISTS (SELECT FROM market.observation_flag f WHERE ${IN_SERIES('f')} AND f.captured_at = p.captured_at
                 AND f.source_id = p.source_id AND f.price = p.price AND f.verdict IS DISTINCT FROM 'cleared') AS "isFlagged",
               w.median AS "median7d", w.low AS "low7d", w.n::int AS "n30d", w.days::int AS "days30d"
             FROM market.item i
             CROSS JOIN unnest($2::int2[]) AS v (server_id)
             CROSS JOIN LATERAL (${asOf ? PAST : NEWEST}) p
             LEFT JOIN market.source s ON s.id = p.source_id
             CROSS JOIN LATERAL (
               SELECT coalesce(sum(d.n), 0) AS n, count(*) AS days,
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY d.median) FILTER (WHERE d.day >= $4::date - 7) AS median,
                 min(CASE WHEN d.low < d.median * ${LOW_SHARE}::float8 THEN d.median ELSE d.low END)
                   FILTER (WHERE d.day >= $4::date - 7) AS low
               FROM market.daily d
               WHERE ${IN_SERIES('d')} AND d.day BETWEEN $4::date - 30 AND $4::date
             ) w
             WHERE i.game_id = $1 AND ${wanted}
             ORDER BY i.id, v.server_id`,
      values: asOf ? [...values, asOf.ms / 1_000] : values,
    };
  }
}
