import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

@Injectable()
export class RawPartitionsRepository {
  /**
   * Takes the oldest raw month that ends before an instant out of the history. In a transaction of its own: it locks out
   * writers until it commits. @returns the name of the table that keeps its rows, null when none is left to take
   */
  async detachOldest(tx: Tx, beforeMs: number): Promise<string | null> {
    const [row] = await tx.query<{ kept: string | null }>({
      name: 'market.raw-partitions.detach-oldest',
      text: 'SELECT market.detach_observation_partition(to_timestamp($1)) AS kept',
      values: [beforeMs / 1_000],
    });
    return row?.kept ?? null;
  }
}
