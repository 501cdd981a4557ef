import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Principal, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { staleItem, unknownItem } from '../market.errors.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { ItemCurationRepository } from './item-curation.repository.js';
import { ItemLocks } from './item-locks.service.js';
import { SWEEP_ITEM } from './items.jobs.js';

/**
 * Takes items out of the catalogue. One transaction in the lanes of all servers that have prices of the item: it goes with its
 * recipe, its place in other recipes, its effects, newest prices, days, windows, icon, and whatever people keep of it, or nothing
 * does. Figures that its days were part of follow by a job. Raw prices can be a million rows. Nothing reads them without their item,
 * which never comes back, since ids are never used again; so a job of the same transaction takes them away in portions.
 */
@Injectable()
export class ItemRemoval {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly locks: ItemLocks,
    private readonly curation: ItemCurationRepository,
    private readonly storage: Storage,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
    private readonly rollups: RollupRequests,
  ) {}

  /**
   * @param version of the item that the caller has seen; any when undefined
   * @throws DomainError unknown item, another version
   */
  remove(principal: Principal, gameId: number, itemId: number, version?: number): Promise<void> {
    return this.locks.withItem(gameId, itemId, async (tx, item, serverIds) => {
      if (item === null) throw unknownItem();
      if (version !== undefined && version !== item.version) throw staleItem(item.version);
      await this.curation.bumpVersions(tx, serverIds);
      await this.curation.bumpEpoch(tx, gameId);
      await this.curation.deleteItem(tx, itemId);
      if (item.iconId !== null) await this.storage.forget(tx, item.iconId);
      if (serverIds.length > 0) {
        await this.jobs.enqueueShared(tx, SWEEP_ITEM, [{ itemId, serverIds }]);
        await this.rollups.followWithFigures(tx, serverIds);
      }
      await this.audit.record(tx, principal, {
        action: 'market.item-deleted',
        object: { type: 'market.item', id: String(itemId) },
        before: { externalId: item.externalId, label: item.label, category: item.category, serverIds },
      });
    });
  }

  /** Raw prices of a deleted item on one server. Safe to repeat. @returns how many went; 0 when none is left */
  sweep(itemId: number, serverId: number, limit: number): Promise<number> {
    return this.system.run(SYSTEM_PRINCIPAL, (tx: Tx) =>
      this.curation.deleteRawPortion(tx, serverId, itemId, limit),
    );
  }
}
