import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Principal, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { externalIdTaken } from '../market.errors.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { ItemCurationRepository } from './item-curation.repository.js';
import { ItemsRepository } from './items.repository.js';
import { candidateLabels, type KnownItem, planNewItems } from './plan-new-items.js';

/** What somebody says that an id of the game is called. */
export interface NamedByHand {
  externalId: number;
  name: string;
  category: string | null;
}

/**
 * Names given by hand to ids of the game that a client does not know. An id that an item of another name has is taken from it,
 * except that only curators take one from an item that the seed names: a stranger's word must not turn the catalogue over.
 */
@Injectable()
export class ItemNaming {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly curation: ItemCurationRepository,
    private readonly audit: Audit,
  ) {}

  /** Safe to repeat. @throws DomainError unknown game, an id that the caller may not take */
  async name(principal: Principal, gameKey: string, named: NamedByHand): Promise<void> {
    const { id: gameId } = await this.directory.game(gameKey);
    const isCurator = principal.permissions.has('market:curate');
    await this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.items.lockCatalog(tx, gameId);
      const found = await this.items.listKnown(tx, gameId, [named.externalId], candidateLabels(named));
      const holder = found.find(({ externalId }) => externalId === named.externalId);
      const isTaken = holder !== undefined && holder.name !== null && holder.name !== named.name;
      if (isTaken) await this.release(tx, gameId, holder, isCurator);
      const known = isTaken
        ? found.map((item) => (item === holder ? { ...item, externalId: null } : item))
        : found;
      const itemId = await this.store(tx, gameId, named, known);
      const categoryId =
        named.category === null ? null : await this.curation.ensureCategory(tx, gameId, named.category);
      await this.curation.updateManual(tx, itemId, categoryId, isCurator);
      if (categoryId !== null)
        // figures are held together with the categories of their items
        await this.curation.bumpVersions(tx, await this.curation.listServers(tx, gameId, itemId));
      await this.audit.record(tx, principal, {
        action: 'market.item-named',
        object: { type: 'market.item', id: String(itemId) },
        before: isTaken ? { takenFrom: holder.id, label: holder.label } : null,
        after: named,
      });
    });
  }

  private async release(tx: Tx, gameId: number, holder: KnownItem, isCurator: boolean): Promise<void> {
    if (!isCurator && (await this.curation.isShipped(tx, holder.id))) throw externalIdTaken();
    await this.curation.updateReleased(tx, holder.id);
    await this.curation.bumpVersions(tx, await this.curation.listServers(tx, gameId, holder.id));
    await this.curation.bumpEpoch(tx, gameId);
  }

  /** @returns id of the item that has the id and the name now */
  private async store(
    tx: Tx,
    gameId: number,
    named: NamedByHand,
    known: readonly KnownItem[],
  ): Promise<number> {
    const plan = planNewItems([named], known);
    if (plan.changed.length > 0) {
      await this.items.updateItems(tx, plan.changed);
      await this.curation.bumpEpoch(tx, gameId);
    }
    const created = plan.created.length > 0 ? await this.items.insertItems(tx, gameId, plan.created) : [];
    const [resolved] = plan.resolved;
    return 'id' in resolved! ? resolved.id : created[resolved!.created]!;
  }
}
