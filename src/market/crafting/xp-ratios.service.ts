import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type RatioItem, ratiosOf } from './xp-ratios.js';
import { XpRatiosClient } from './xp-ratios.client.js';
import { type ChangedRatioRow, XpRatiosRepository } from './xp-ratios.repository.js';
import { RecipesRepository } from './recipes.repository.js';

/** What one portion has done. */
export interface RatioProgress {
  /** Where to go on: items so far, with those that were skipped. */
  next: number;
  total: number | undefined;
  items: ChangedRatioRow[];
  types: ChangedRatioRow[];
}

/** Items of a file that are applied at a time. */
const PORTION = 1_000;
/** More pages than any game has: an API that never ends must not keep us for ever. */
const MOST_ITEMS = 200_000;

/**
 * Takes over how much experience crafts give. Each portion is a transaction of its own, so what was done stays done; doing it again
 * changes nothing more.
 */
@Injectable()
export class XpRatios {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly client: XpRatiosClient,
    private readonly ratios: XpRatiosRepository,
    private readonly recipes: RecipesRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game */
  async *applyItems(gameKey: string, items: readonly RatioItem[]): AsyncGenerator<RatioProgress> {
    const { id } = await this.directory.game(gameKey);
    for (let next = 0; next < items.length;) {
      const portion = items.slice(next, next + PORTION);
      next += portion.length;
      yield { next, total: items.length, ...(await this.apply(id, portion)) };
    }
  }

  /**
   * Page by page until an empty one.
   * @param skip items to leave out
   * @throws DomainError unknown game; OutboundError, after which the last progress says where to go on
   */
  async *applyFrom(gameKey: string, address: URL, skip: number): AsyncGenerator<RatioProgress> {
    const { id } = await this.directory.game(gameKey);
    for (let next = skip; next < MOST_ITEMS;) {
      const { items, total } = await this.client.fetchPage(address, next);
      if (items.length === 0) return;
      next += items.length;
      yield { next, total, ...(await this.apply(id, items)) };
      if (total !== undefined && next >= total) return;
    }
  }

  private apply(
    gameId: number,
    portion: readonly RatioItem[],
  ): Promise<Pick<RatioProgress, 'items' | 'types'>> {
    const given = ratiosOf(portion);
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const items = await this.ratios.updateItems(tx, gameId, given.items);
      const types = await this.ratios.updateTypes(tx, gameId, given.types);
      if (items.length + types.length === 0) return { items, types };
      await this.recipes.lockRecipes(tx, gameId);
      await this.audit.record(tx, SYSTEM_PRINCIPAL, {
        action: 'market.xp-ratios-changed',
        object: { type: 'market.game', id: String(gameId) },
        before: null,
        after: { itemCount: items.length, typeCount: types.length },
      });
      return { items, types };
    });
  }
}
