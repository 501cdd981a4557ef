import { Injectable } from '@nestjs/common';
import { int4Array, timestamptzArray } from '../../platform/database/binary-arrays.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** Says which days the rollups have to derive anew. The ingest statement does the same for the rows that it stores. */
@Injectable()
export class DirtyDaysRepository {
  /**
   * Marks the UTC days of raw rows that the same transaction has added, changed or deleted.
   * @param itemIds of the rows, parallel to their instants
   * @param capturedAtMs Unix times in milliseconds
   */
  async insertDirtyDays(
    tx: Tx,
    serverId: number,
    itemIds: Int32Array,
    capturedAtMs: Float64Array,
  ): Promise<void> {
    await tx.query({
      name: 'market.dirty-days.insert-dirty-days',
      text: `INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
             SELECT $1, array_agg(item_id), array_agg(day), count(*)
             FROM (SELECT DISTINCT item_id, (captured_at AT TIME ZONE 'UTC')::date AS day
                   FROM unnest($2::int4[], $3::timestamptz[]) AS t (item_id, captured_at)) d
             HAVING count(*) > 0`,
      values: [serverId, int4Array(itemIds), timestamptzArray(capturedAtMs)],
    });
  }
}
