import { Injectable } from '@nestjs/common';
import { int4Array } from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RawSpan } from './raw-mean.js';
import type { DocumentMeans } from './scanner-figure.js';
import type { UtcDay } from './utc-day.js';

interface MeansRow {
  itemId: number;
  freshN: number;
  freshSum: number;
  windowN: number;
  windowSum: number;
}

/** $1 server; an item `i.id`. @param first number of the first of three parameters: part from, part until, first whole day */
const MEAN = (first: number): string => `
  SELECT coalesce(sum(n), 0)::int AS n, coalesce(sum(sum), 0) AS sum FROM (
    SELECT count(*) AS n, sum(o.price) AS sum FROM market.observation o
    WHERE o.server_id = $1 AND o.item_id = i.id AND o.captured_at >= $${first} AND o.captured_at < $${first + 1}
    UNION ALL
    SELECT sum(d.n), sum(d.sum) FROM market.daily d
    WHERE d.server_id = $1 AND d.item_id = i.id AND d.day BETWEEN $${first + 2} AND $3
    OFFSET 0) p`;

@Injectable()
export class RawMeansRepository {
  /** @param endOn last day that counts, as a whole @returns by item */
  async listMeans(
    tx: Tx,
    serverId: number,
    itemIds: Int32Array,
    endOn: UtcDay,
    spans: { fresh: RawSpan; window: RawSpan },
  ): Promise<Map<number, DocumentMeans>> {
    const values = [spans.fresh, spans.window].flatMap(({ partFromMs, partUntilMs, firstDay }) => [
      new Date(partFromMs),
      new Date(partUntilMs),
      firstDay,
    ]);
    const rows = await tx.query<MeansRow>({
      name: 'market.raw-means.list',
      text: `SELECT i.id AS "itemId", f.n AS "freshN", f.sum AS "freshSum", w.n AS "windowN", w.sum AS "windowSum"
             FROM unnest($2::int4[]) AS i (id)
             CROSS JOIN LATERAL (${MEAN(4)}) f CROSS JOIN LATERAL (${MEAN(7)}) w`,
      values: [serverId, int4Array(itemIds), endOn, ...values],
    });
    return new Map(
      rows.map((row) => [
        row.itemId,
        { fresh: { n: row.freshN, sum: row.freshSum }, window: { n: row.windowN, sum: row.windowSum } },
      ]),
    );
  }
}
