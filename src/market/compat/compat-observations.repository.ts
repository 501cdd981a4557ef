import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

export interface StoredObservationRow {
  id: number;
  itemId: number;
  server: string;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  seenAtUtc: string;
  price: number;
  lots: number;
  source: string;
}

@Injectable()
export class CompatObservationsRepository {
  /**
   * The row that says what a client has sent: the one of that instant and source, else the newest one of the item, which it
   * repeats. In the lane of the server, right after the batch.
   */
  async getStored(
    tx: Tx,
    place: { serverId: number; gameId: number; label: string },
    capturedAtMs: number,
    source: string,
  ): Promise<StoredObservationRow> {
    const [row] = await tx.query<StoredObservationRow>({
      name: 'market.compat.get-stored-observation',
      text: `SELECT o.id, o.item_id AS "itemId", s.name AS server, c.name AS source, o.price, o.lots,
               to_char(o.captured_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS "seenAtUtc"
             FROM market.item i
             JOIN market.latest l ON l.server_id = $1 AND l.item_id = i.id
             JOIN market.observation o ON o.server_id = $1 AND o.item_id = i.id
             JOIN market.source c ON c.id = o.source_id
             JOIN market.server s ON s.id = $1
             WHERE i.game_id = $2 AND i.label = $3
               AND ((o.captured_at = (to_timestamp(0) + $4 * interval '1 microsecond') AND c.name = $5 AND NOT c.is_simulated)
                 OR (o.captured_at = l.captured_at AND o.id = l.observation_id))
             ORDER BY o.captured_at = (to_timestamp(0) + $4 * interval '1 microsecond') AND c.name = $5 DESC LIMIT 1`,
      values: [place.serverId, place.gameId, place.label, Math.round(capturedAtMs * 1_000), source],
    });
    return row!;
  }
}
