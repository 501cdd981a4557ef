import { Injectable } from '@nestjs/common';
import { int4Array, readFloat8Array, readInt4Array } from '../../platform/database/binary-arrays.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import type { IndexLink, MarketDay } from './market-index.js';

export interface DayLink extends IndexLink {
  /** Days since 1970-01-01. */
  day: number;
  /** Null for the first day of all. */
  previousDay: number | null;
}

const EPOCH = `date '1970-01-01'`;

@Injectable()
export class IndexLinksRepository {
  /**
   * What was seen on these days; days without anything are not there. One lookup per item, as rows of a day lie all over the table.
   * @param days since 1970-01-01 @param itemIds these only; null for all @returns in order
   */
  async listDays(
    tx: Tx,
    serverId: number,
    days: Int32Array,
    itemIds: readonly number[] | null,
  ): Promise<MarketDay[]> {
    const rows = await tx.query<{ day: number; itemIds: Buffer; medians: Buffer }>({
      name: 'market.index-links.list-days',
      text: `SELECT d.day - ${EPOCH} AS day, array_send(array_agg(i.id ORDER BY i.id)) AS "itemIds",
               array_send(array_agg(d.median ORDER BY i.id)) AS medians
             FROM market.item i JOIN market.server s ON s.game_id = i.game_id
             CROSS JOIN LATERAL (
               SELECT d.day, d.median FROM market.daily d
               WHERE d.server_id = $1 AND d.item_id = i.id
                 AND d.day = ANY (ARRAY(SELECT ${EPOCH} + n FROM unnest($2::int4[]) AS n)) OFFSET 0) d
             WHERE s.id = $1 AND ($3::int4[] IS NULL OR i.id = ANY ($3))
             GROUP BY d.day ORDER BY d.day`,
      values: [serverId, int4Array(days), itemIds],
    });
    return rows.map((row) => ({
      day: row.day,
      itemIds: readInt4Array(row.itemIds),
      medians: readFloat8Array(row.medians),
    }));
  }

  /** These days, and of each the one before and the one after it that have a link; since 1970-01-01, ascending. */
  async listWithNeighbours(tx: Tx, serverId: number, days: Int32Array): Promise<Int32Array> {
    const [row] = await tx.query<{ days: Buffer }>({
      name: 'market.index-links.list-with-neighbours',
      text: `WITH given AS (SELECT ${EPOCH} + n AS day FROM unnest($2::int4[]) AS n)
             SELECT array_send(array_agg(day - ${EPOCH} ORDER BY day)) AS days FROM (
               SELECT day FROM given
               UNION SELECT (SELECT max(l.day) FROM market.index_link l WHERE l.server_id = $1 AND l.day < g.day) FROM given g
               UNION SELECT (SELECT min(l.day) FROM market.index_link l WHERE l.server_id = $1 AND l.day > g.day) FROM given g
             ) d WHERE day IS NOT NULL`,
      values: [serverId, int4Array(days)],
    });
    return readInt4Array(row!.days);
  }

  /** @param days that are looked at: those without a link here have none any more */
  async replaceLinks(tx: Tx, serverId: number, days: Int32Array, links: readonly DayLink[]): Promise<void> {
    const column = <Key extends keyof DayLink>(key: Key): DayLink[Key][] => links.map((link) => link[key]);
    await tx.query({
      name: 'market.index-links.delete',
      text: `DELETE FROM market.index_link WHERE server_id = $1 AND day - ${EPOCH} = ANY ($2::int4[])`,
      values: [serverId, int4Array(days)],
    });
    await tx.query({
      name: 'market.index-links.insert',
      text: `INSERT INTO market.index_link (server_id, day, previous_day, log_change, dispersion, matched_count, seen_count)
             SELECT $1, ${EPOCH} + day, ${EPOCH} + previous, change, dispersion, matched, seen
             FROM unnest($2::int4[], $3::int4[], $4::float8[], $5::float8[], $6::int4[], $7::int4[])
               AS l (day, previous, change, dispersion, matched, seen)
             ON CONFLICT (server_id, day) DO UPDATE
               SET previous_day = excluded.previous_day, log_change = excluded.log_change,
                   dispersion = excluded.dispersion, matched_count = excluded.matched_count, seen_count = excluded.seen_count`,
      values: [
        serverId,
        column('day'),
        column('previousDay'),
        column('logChange'),
        column('dispersion'),
        column('matchedCount'),
        column('seenCount'),
      ],
    });
  }

  /** Links between days of the span. */
  linksStatement(serverId: number, { from, to }: Span): Statement {
    return {
      name: 'market.index-links.list',
      text: `SELECT log_change AS "logChange", dispersion, matched_count AS "matchedCount", seen_count AS "seenCount"
             FROM market.index_link WHERE server_id = $1 AND previous_day >= $2 AND day <= $3 ORDER BY day`,
      values: [serverId, from, to],
    };
  }
}
