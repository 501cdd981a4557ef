import { Injectable } from '@nestjs/common';
import {
  int4Array,
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { Span } from '../analytics/analytics-span.js';
import type { PastSeries } from './past-series.js';

interface PastRow {
  itemId: number;
  categoryId: number;
  days: Buffer;
  counts: Buffer;
  means: Buffer;
  medians: Buffer;
  closes: Buffer;
  firstAt: Buffer;
  lastAt: Buffer;
  cleanOpens: Buffer;
  cleanCloses: Buffer;
  cleanAt: Buffer;
}

const EPOCH = `date '1970-01-01'`;

@Injectable()
export class BacktestsRepository {
  /** Ids of the items, ascending, that were seen on the server within the span. @param only undefined for all */
  async listSeen(
    tx: Tx,
    serverId: number,
    only: { itemIds?: readonly number[] | undefined; categoryIds?: readonly number[] | undefined },
    { from, to }: Span,
  ): Promise<Int32Array> {
    const [row] = await tx.query<{ itemIds: Buffer }>({
      name: 'market.backtests.list-seen',
      text: `SELECT array_send(coalesce(array_agg(i.id ORDER BY i.id), '{}')) AS "itemIds"
             FROM market.item i JOIN market.server s ON s.game_id = i.game_id
             WHERE s.id = $1 AND ($2::int4[] IS NULL OR i.id = ANY ($2))
               AND ($3::int4[] IS NULL OR i.category_id = ANY ($3))
               AND EXISTS (SELECT FROM market.daily d
                           WHERE d.server_id = $1 AND d.item_id = i.id AND d.day BETWEEN $4 AND $5)`,
      values: [serverId, only.itemIds ?? null, only.categoryIds ?? null, from, to],
    });
    return readInt4Array(row!.itemIds);
  }

  /** Their days within the span, in the order of the ids. */
  async listPast(tx: Tx, serverId: number, itemIds: Int32Array, { from, to }: Span): Promise<PastSeries[]> {
    const rows = await tx.query<PastRow>({
      name: 'market.backtests.list-past',
      text: `SELECT i.id AS "itemId", coalesce(i.category_id, 0) AS "categoryId", s.*
             FROM unnest($2::int4[]) AS w (id) JOIN market.item i ON i.id = w.id
             CROSS JOIN LATERAL (
               SELECT array_send(array_agg(d.day - ${EPOCH})) AS days, array_send(array_agg(d.n)) AS counts,
                 array_send(array_agg(d.sum / d.n)) AS means, array_send(array_agg(d.median)) AS medians,
                 array_send(array_agg(d.close)) AS closes,
                 array_send(array_agg(d.first_at)) AS "firstAt", array_send(array_agg(d.last_at)) AS "lastAt",
                 array_send(array_agg(coalesce(d.clean_open, d.open))) AS "cleanOpens",
                 array_send(array_agg(coalesce(d.clean_close, d.close))) AS "cleanCloses",
                 array_send(array_agg(coalesce(d.clean_at, d.last_at))) AS "cleanAt"
               FROM (SELECT d.day, d.n, d.sum, d.median, d.open, d.close, d.first_at, d.last_at, d.clean_open, d.clean_close, d.clean_at
                     FROM market.daily d
                     WHERE d.server_id = $1 AND d.item_id = i.id AND d.day BETWEEN $3 AND $4
                     ORDER BY d.day OFFSET 0) d
             ) s
             WHERE s.days IS NOT NULL ORDER BY i.id`,
      values: [serverId, int4Array(itemIds), from, to],
    });
    return rows.map((row) => ({
      itemId: row.itemId,
      categoryId: row.categoryId,
      days: readInt4Array(row.days),
      counts: readInt4Array(row.counts),
      means: readFloat8Array(row.means),
      medians: readFloat8Array(row.medians),
      closes: readFloat8Array(row.closes),
      firstAtMs: readTimestamptzArray(row.firstAt),
      lastsAtMs: readTimestamptzArray(row.lastAt),
      cleanOpens: readFloat8Array(row.cleanOpens),
      cleanCloses: readFloat8Array(row.cleanCloses),
      cleansAtMs: readTimestamptzArray(row.cleanAt),
    }));
  }
}
