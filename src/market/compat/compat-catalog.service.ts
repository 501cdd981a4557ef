import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type ConsumableRow, ItemEffectsRepository } from '../catalog/item-effects.repository.js';
import { ItemUsesRepository } from '../profiles/item-uses.repository.js';
import { badItemId, serverRequired } from './compat.errors.js';
import type {
  CompatConsumableDto,
  CompatConsumablesDto,
  CompatKnownItemDto,
  CompatUsageStatsDto,
} from './compat-catalog.dto.js';
import {
  toConsumableDto,
  toConsumablesDto,
  toKnownItemDto,
  toUsageStatsDto,
} from './compat-catalog.mapper.js';
import { CompatCatalogRepository, type KnownItemRow, type UsageRow } from './compat-catalog.repository.js';
import { COMPAT_GAME } from './compat-game.js';
import { itemIdIn } from './compat-item-id.js';
import { textOf } from './compat-query.js';
import { type CompatCall, CompatResources, replyOf } from './compat-resources.service.js';

/** What else the original tells of the catalogue: what would go with an item, items named by hand, and what consumables give back for their price. */
@Injectable()
export class CompatCatalog implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly effects: ItemEffectsRepository,
    private readonly rows: CompatCatalogRepository,
    private readonly uses: ItemUsesRepository,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'items&mode=usage_stats', {
      GET: async (call) => replyOf(await this.usage(call)),
    });
    this.resources.register('data', 'known_items', {
      GET: async (call) => replyOf(await this.knownItems(call)),
    });
    this.resources.register('data', 'consumables', {
      GET: async (call) => replyOf(await this.consumables(call)),
    });
    this.resources.register('data', 'toolbox&mode=consumables', {
      GET: async (call) => replyOf(await this.seenConsumables(call)),
    });
  }

  /** Lists and favourites of everybody are counted, not told: the item goes for all of them. */
  private async usage({ query }: CompatCall): Promise<CompatUsageStatsDto> {
    const itemId = itemIdIn(query);
    if (typeof itemId === 'string') throw badItemId(itemId);
    const game = await this.directory.game(COMPAT_GAME);
    return this.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const [usage] = await tx.query<UsageRow>(this.rows.usageStatement(game.id, itemId));
      return toUsageStatsDto(usage!, await this.uses.countItemUses(tx, itemId));
    });
  }

  private async knownItems({ principal }: CompatCall): Promise<CompatKnownItemDto[]> {
    const game = await this.directory.game(COMPAT_GAME);
    // Thousands where somebody has been diligent: no short read.
    const rows = await this.uow.run(principal, (tx) =>
      tx.query<KnownItemRow>(this.rows.knownItemsStatement(game.id)),
    );
    return rows.map(toKnownItemDto);
  }

  private async consumables(call: CompatCall): Promise<CompatConsumableDto[]> {
    return (await this.consumableRows(call)).map((row) => toConsumableDto(row, call.origin));
  }

  /** Unlike the original's older resource an object, but still an empty list where no item has such effects. */
  private async seenConsumables(call: CompatCall): Promise<CompatConsumablesDto | []> {
    const rows = await this.consumableRows(call);
    if (rows.length > 0) return toConsumablesDto(rows, call.origin);
    const game = await this.directory.game(COMPAT_GAME);
    const any = await this.uow.read(call.principal, this.effects.hasEffectsStatement(game.id));
    return any.length === 0 ? [] : toConsumablesDto([], call.origin);
  }

  private async consumableRows({ principal, query }: CompatCall): Promise<ConsumableRow[]> {
    const name = textOf(query, 'server');
    if (name === '') throw serverRequired();
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    if (!server) return [];
    return this.uow.run(principal, (tx) =>
      tx.query<ConsumableRow>(this.effects.consumablesStatement(server.id)),
    );
  }
}
