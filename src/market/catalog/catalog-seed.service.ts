import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type CatalogSeed, catalogSeedChecksum, readCatalogSeed } from './catalog-seed.reader.js';
import { CatalogSeedRepository } from './catalog-seed.repository.js';
import { ItemsRepository } from './items.repository.js';
import { planNewItems } from './plan-new-items.js';

/** Brings the facts that Guildhall ships into the catalogue. Does nothing while the file is the one applied last. */
@Injectable()
export class CatalogSeedService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly seeds: CatalogSeedRepository,
    private readonly items: ItemsRepository,
  ) {}

  /** @returns whether anything was written */
  async applyDofus(): Promise<boolean> {
    const path = join(packageRoot(), 'seeds', 'market', 'dofus.json.gz');
    const checksum = catalogSeedChecksum(path);
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      if ((await this.seeds.findChecksum(tx, 'dofus')) === checksum) return false;
      const seed = readCatalogSeed(path);
      const gameId = await this.seeds.upsertGame(tx, seed.game); // its row lock keeps a second starter waiting
      if ((await this.seeds.findChecksum(tx, seed.game.code)) === seed.checksum) return false;
      await this.seeds.insertDimensions(tx, gameId, seed);
      await this.applyItems(tx, gameId, seed);
      await this.seeds.replaceRecipes(tx, gameId, seed.recipes);
      await this.seeds.replaceItemEffects(tx, gameId, seed.itemEffects);
      await this.seeds.updateChecksum(tx, gameId, seed.checksum);
      return true;
    });
  }

  /** Seed items ascend by external id, so of equal names the lowest id gets the plain label. */
  private async applyItems(tx: Tx, gameId: number, seed: CatalogSeed): Promise<void> {
    await this.items.lockCatalog(tx, gameId);
    const named = seed.items.map((item) => ({
      externalId: item.externalId,
      name: item.nameFr,
      category: item.category,
    }));
    const known = await this.items.listAllKnown(tx, gameId);
    const plan = planNewItems(named, known);
    if (plan.changed.length > 0) await this.items.updateItems(tx, plan.changed);
    if (plan.created.length > 0) await this.items.insertItems(tx, gameId, plan.created);
    const changedIds = await this.seeds.updateItemFacts(tx, gameId, seed.items);
    if (changedIds.length > 0) await this.items.bumpShownVersions(tx, changedIds);
  }
}
