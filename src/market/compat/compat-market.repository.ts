import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import type { Span } from '../analytics/analytics-span.js';

/** One raw row. */
export interface PointRow {
  id: number;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  seenAtUtc: string;
  price: number;
}

/** Of a longer series the newest rows are given: half a year of an observation every three minutes. */
export const MAX_POINTS = 100_000;

/** What the original's /api/market_v2 needs besides the analytics. */
@Injectable()
export class CompatMarketRepository {
  itemIdsStatement(gameId: number, labels: readonly string[]): Statement {
    return {
      name: 'market.compat.list-item-ids',
      text: 'SELECT id FROM market.item WHERE game_id = $1 AND label = ANY ($2::text[]) ORDER BY id',
      values: [gameId, labels],
    };
  }

  categoryIdsStatement(gameId: number, names: readonly string[]): Statement {
    return {
      name: 'market.compat.list-category-ids',
      text: 'SELECT id FROM market.category WHERE game_id = $1 AND name = ANY ($2::text[]) ORDER BY id',
      values: [gameId, names],
    };
  }

  /** Raw rows of an item, oldest first. */
  pointsStatement(serverId: number, gameId: number, label: string, span: Span): Statement {
    return {
      name: 'market.compat.list-points',
      text: `SELECT id, to_char(captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS "seenAtUtc", price
             FROM (SELECT o.id, o.captured_at, o.price FROM market.observation o
                   WHERE o.server_id = $1
                     AND o.item_id = (SELECT i.id FROM market.item i WHERE i.game_id = $2 AND i.label = $3)
                     AND o.captured_at >= $4::date::timestamp AT TIME ZONE 'UTC'
                     AND o.captured_at < ($5::date + 1)::timestamp AT TIME ZONE 'UTC'
                   ORDER BY o.captured_at DESC, o.price DESC, o.id DESC LIMIT ${MAX_POINTS}) AS newest
             ORDER BY captured_at, price, id`,
      values: [serverId, gameId, label, span.from, span.to],
    };
  }
}
