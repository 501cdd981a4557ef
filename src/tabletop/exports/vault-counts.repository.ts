import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** How much there is to take along, in the scope of whoever asks. */
@Injectable()
export class VaultCountsRepository {
  async countObjects(tx: Tx, campaignId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.vault-counts.count-objects',
      text: 'SELECT count(*)::int AS count FROM tabletop.object WHERE campaign_id = $1 AND deleted_at IS NULL',
      values: [campaignId],
    });
    return row!.count;
  }
}
