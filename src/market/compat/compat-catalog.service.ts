import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { type ConsumableRow, ItemEffectsRepository } from '../catalog/item-effects.repository.js';
import { serverRequired } from './compat.errors.js';
import type { CompatConsumableDto, CompatConsumablesDto, CompatKnownItemDto } from './compat-catalog.dto.js';
import { toConsumableDto, toConsumablesDto, toKnownItemDto } from './compat-catalog.mapper.js';
import { CompatCatalogRepository, type KnownItemRow } from './compat-catalog.repository.js';
import { COMPAT_GAME } from './compat-game.js';
import { textOf } from './compat-query.js';
import { type CompatCall, CompatResources, replyOf } from './compat-resources.service.js';

/** What else the original tells of the catalogue: items named by hand, and what consumables give back for their price. */
@Injectable()
export class CompatCatalog implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly effects: ItemEffectsRepository,
    private readonly rows: CompatCatalogRepository,
  ) {}

  onModuleInit(): void {
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
