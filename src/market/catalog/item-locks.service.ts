import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { ServerLanes } from '../ingest/server-lanes.service.js';
import { RollupsRepository } from '../rollups/rollups.repository.js';
import { type CuratedItemRow, ItemCurationRepository } from './item-curation.repository.js';
import { ItemsRepository } from './items.repository.js';

/** A transaction in which nobody else writes prices, days or windows of one item, on whatever servers it has prices. */
@Injectable()
export class ItemLocks {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly lanes: ServerLanes,
    private readonly ingest: IngestRepository,
    private readonly rollups: RollupsRepository,
    private readonly items: ItemsRepository,
    private readonly curation: ItemCurationRepository,
  ) {}

  /**
   * Locks in the order of advisory-locks.ts, and last the item itself: whoever was adding its first price on another server has
   * committed by then, and nobody adds one any more. Where there is such a server, everything is let go and found anew.
   * @param work gets the item, null when the game has none, and the servers that have prices of it
   * @throws DomainError lane full
   */
  async withItem<T>(
    gameId: number,
    itemId: number,
    work: (tx: Tx, item: CuratedItemRow | null, serverIds: number[]) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const expected = await this.system.run(SYSTEM_PRINCIPAL, (tx) =>
        this.curation.listServers(tx, gameId, itemId),
      );
      const outcome = await this.lanes.run(expected, () =>
        this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
          for (const serverId of expected) await this.ingest.lockLane(tx, serverId);
          await this.items.lockCatalog(tx, gameId);
          for (const serverId of expected) await this.rollups.lock(tx, serverId);
          for (const serverId of expected) await this.curation.lockFigures(tx, serverId);
          const item = await this.curation.lockItem(tx, gameId, { itemId }, 'update');
          const found = await this.curation.listServers(tx, gameId, itemId);
          if (found.some((serverId) => !expected.includes(serverId))) return undefined;
          return { result: await work(tx, item, found) };
        }),
      );
      if (outcome) return outcome.result;
    }
  }
}
