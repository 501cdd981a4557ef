import { Injectable } from '@nestjs/common';
import {
  int4Array,
  readFloat8Array,
  readInt4Array,
  readTimestamptzArray,
} from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import type { PriceSeries } from './price-series.js';

/** Items of a game, ascending; columns of equal length. */
export interface ItemColumns {
  itemIds: Int32Array;
  /** 0 for none. */
  categoryIds: Int32Array;
}

export interface ItemSeries extends PriceSeries {
  itemId: number;
}

/** Means of the days on which an item was seen; columns of equal length. */
export interface ItemMeans {
  itemId: number;
  /** Days since 1970-01-01, ascending. */
  days: Int32Array;
  means: Float64Array;
}

interface SeriesRow {
  itemId: number;
  days: Buffer;
  counts: Buffer;
  means: Buffer;
  medians: Buffer;
  firstAt: Buffer;
  lastPrice: number;
  lastAt: Buffer;
  cleanPrice: number | null;
  cleanAt: Buffer | null;
}

const EPOCH = `date '1970-01-01'`;

/** Days of whole servers, in columns: read row by row, a year of them would cost more than what is made of it. */
@Injectable()
export class SeriesFiguresRepository {
  /** @param itemIds these only; null for all items of the server's game */
  async listItems(tx: Tx, serverId: number, itemIds: readonly number[] | null): Promise<ItemColumns> {
    const [row] = await tx.query<Record<keyof ItemColumns, Buffer>>({
      name: 'market.series-figures.list-items',
      text: `SELECT array_send(coalesce(array_agg(i.id), '{}')) AS "itemIds",
               array_send(coalesce(array_agg(i.category_id), '{}')) AS "categoryIds"
             FROM (SELECT i.id, coalesce(i.category_id, 0) AS category_id
                   FROM market.item i JOIN market.server s ON s.game_id = i.game_id
                   WHERE s.id = $1 AND ($2::int4[] IS NULL OR i.id = ANY ($2)) ORDER BY i.id) i`,
      values: [serverId, itemIds],
    });
    return { itemIds: readInt4Array(row!.itemIds), categoryIds: readInt4Array(row!.categoryIds) };
  }

  /** The series of these items that were seen within the span, in the order of the ids. */
  async listSeries(tx: Tx, serverId: number, itemIds: Int32Array, span: Span): Promise<ItemSeries[]> {
    const rows = await tx.query<SeriesRow>(this.seriesStatement(serverId, itemIds, span));
    return rows.map((row) => ({
      itemId: row.itemId,
      days: readInt4Array(row.days),
      counts: readInt4Array(row.counts),
      means: readFloat8Array(row.means),
      medians: readFloat8Array(row.medians),
      firstAtMs: readTimestamptzArray(row.firstAt),
      lastPrice: row.lastPrice,
      lastAtMs: readTimestamptzArray(row.lastAt)[0]!,
      cleanPrice: row.cleanPrice ?? Number.NaN,
      cleanAtMs: row.cleanAt === null ? Number.NaN : readTimestamptzArray(row.cleanAt)[0]!,
    }));
  }

  /** The same for who needs no more than the means. */
  async listMeans(tx: Tx, serverId: number, itemIds: readonly number[], span: Span): Promise<ItemMeans[]> {
    const rows = await tx.query<Pick<SeriesRow, 'itemId' | 'days' | 'means'>>({
      name: 'market.series-figures.list-means',
      text: `SELECT i.id AS "itemId", s.* FROM unnest($2::int4[]) WITH ORDINALITY AS i (id, place)
             CROSS JOIN LATERAL (
               SELECT array_send(array_agg(d.day - ${EPOCH})) AS days, array_send(array_agg(d.sum / d.n)) AS means
               FROM (SELECT d.day, d.n, d.sum FROM market.daily d
                     WHERE d.server_id = $1 AND d.item_id = i.id AND d.day BETWEEN $3 AND $4
                     ORDER BY d.day OFFSET 0) d
             ) s
             WHERE s.days IS NOT NULL ORDER BY i.place`,
      values: [serverId, int4Array(Int32Array.from(itemIds)), span.from, span.to],
    });
    return rows.map(({ itemId, days, means }) => ({
      itemId,
      days: readInt4Array(days),
      means: readFloat8Array(means),
    }));
  }

  /** One lookup in the primary key of `daily` per item; OFFSET 0 keeps the planner from reading the table instead. */
  seriesStatement(serverId: number, itemIds: Int32Array, { from, to }: Span): Statement {
    return {
      name: 'market.series-figures.list-series',
      text: `SELECT i.id AS "itemId", s.* FROM unnest($2::int4[]) WITH ORDINALITY AS i (id, place)
             CROSS JOIN LATERAL (
               SELECT array_send(array_agg(d.day - ${EPOCH})) AS days, array_send(array_agg(d.n)) AS counts,
                 array_send(array_agg(d.sum / d.n)) AS means, array_send(array_agg(d.median)) AS medians,
                 array_send(array_agg(d.first_at)) AS "firstAt", (array_agg(d.close))[count(*)] AS "lastPrice",
                 array_send(ARRAY[max(d.last_at)]) AS "lastAt",
                 (array_agg(d.clean_close) FILTER (WHERE d.is_clean))[count(*) FILTER (WHERE d.is_clean)] AS "cleanPrice",
                 CASE WHEN bool_or(d.is_clean) THEN array_send(ARRAY[max(d.clean_at) FILTER (WHERE d.is_clean)]) END AS "cleanAt"
               FROM (SELECT d.day, d.n, d.sum, d.median, d.close, d.first_at, d.last_at,
                       coalesce(d.clean_close, d.close) AS clean_close, coalesce(d.clean_at, d.last_at) AS clean_at,
                       d.clean_close IS DISTINCT FROM 'NaN' AS is_clean
                     FROM market.daily d
                     WHERE d.server_id = $1 AND d.item_id = i.id AND d.day BETWEEN $3 AND $4
                     ORDER BY d.day OFFSET 0) d
             ) s
             WHERE s.days IS NOT NULL ORDER BY i.place`,
      values: [serverId, int4Array(itemIds), from, to],
    };
  }
}
