import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Principal, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { itemNameTaken, staleItem, unknownItem } from '../market.errors.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { foldName } from './fold-name.js';
import { type CuratedItemRow, type CuratedKey, ItemCurationRepository } from './item-curation.repository.js';
import { ItemsRepository } from './items.repository.js';
import { candidateLabels } from './plan-new-items.js';

/** What is corrected; what is absent stays. */
export interface ItemChange {
  name?: string | undefined;
  nameEn?: string | null | undefined;
  /** Name of a category, which may be a new one; null for none. */
  category?: string | null | undefined;
  level?: number | null | undefined;
}

export interface CuratedPlace {
  game: string;
  item: CuratedKey;
}

/**
 * Corrections of items by curators. Names are part of prices and figures, so the versions of the servers that show the item move,
 * and every process forgets which item a name means.
 */
@Injectable()
export class ItemCuration {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly curation: ItemCurationRepository,
    private readonly audit: Audit,
  ) {}

  /**
   * @param options.version of the item that the caller has seen; any when undefined
   * @param options.isPlain whether the new name has to be the label as well, for clients that address items by it
   * @returns id of the item
   * @throws DomainError unknown game or item, another version, a name that another item has
   */
  async change(
    principal: Principal,
    { game: gameKey, item: key }: CuratedPlace,
    change: ItemChange,
    options: { version?: number | undefined; isPlain?: boolean } = {},
  ): Promise<number> {
    const { id: gameId } = await this.directory.game(gameKey);
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await this.items.lockCatalog(tx, gameId);
      const before = await this.curation.lockItem(tx, gameId, key, 'no-key-update');
      if (before === null) throw unknownItem();
      if (options.version !== undefined && options.version !== before.version)
        throw staleItem(before.version);
      const after = { ...factsOf(before), ...given(change) };
      const label =
        change.name === undefined ? before.label : await this.labelFor(tx, gameId, before, change.name);
      if (options.isPlain === true && change.name !== undefined && label !== change.name)
        throw itemNameTaken();
      const categoryId =
        after.category === null ? null : await this.curation.ensureCategory(tx, gameId, after.category);
      const { name, nameEn, level } = after;
      const facts = { name, nameEn, level, label, labelFold: foldName(label), categoryId };
      await this.curation.updateFacts(tx, before.id, facts);
      await this.curation.bumpVersions(tx, await this.curation.listServers(tx, gameId, before.id));
      if (label !== before.label) await this.curation.bumpEpoch(tx, gameId);
      await this.audit.record(tx, principal, {
        action: 'market.item-changed',
        object: { type: 'market.item', id: String(before.id) },
        before: { ...factsOf(before), label: before.label },
        after: { ...after, label },
      });
      return before.id;
    });
  }

  /** The name, or where another item has it, the name with the game's id. */
  private async labelFor(tx: Tx, gameId: number, item: CuratedItemRow, name: string): Promise<string> {
    const candidates = candidateLabels({ externalId: item.externalId, name, category: null });
    const known = await this.items.listKnown(tx, gameId, [], candidates);
    const taken = new Set(known.flatMap(({ id, label }) => (id === item.id ? [] : [label])));
    const label = candidates.find((candidate) => !taken.has(candidate));
    if (label === undefined) throw itemNameTaken();
    return label;
  }
}

type Facts = Pick<CuratedItemRow, 'name' | 'nameEn' | 'category' | 'level'>;

function factsOf({ name, nameEn, category, level }: Facts): Facts {
  return { name, nameEn, category, level };
}

function given(change: ItemChange): Partial<Facts> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
