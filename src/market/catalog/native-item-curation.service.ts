import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { nothingToChange } from '../market.errors.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import type { ItemChangeDto, ItemDetailsDto } from './catalog.dto.js';
import { CatalogService } from './catalog.service.js';
import { ItemCuration } from './item-curation.service.js';
import { ItemRemoval } from './item-removal.service.js';

/** How an item is named in paths, and the version of it that the client has seen. */
export interface ItemPlace {
  game: string;
  itemId: number;
  version: number | undefined;
}

@Injectable()
export class NativeItemCuration {
  constructor(
    private readonly directory: CatalogDirectory,
    private readonly catalog: CatalogService,
    private readonly curation: ItemCuration,
    private readonly removal: ItemRemoval,
  ) {}

  /** @returns the item as it is now @throws DomainError unknown game or item, another version, a name taken, nothing to change */
  async change(
    principal: Principal,
    { game, itemId, version }: ItemPlace,
    change: ItemChangeDto,
  ): Promise<ItemDetailsDto> {
    if (Object.values(change).every((value) => value === undefined))
      throw nothingToChange('Give name, nameEn, category, level or several of them.');
    await this.curation.change(principal, { game, item: { itemId } }, change, { version });
    return this.catalog.details(principal, game, itemId);
  }

  /** @throws DomainError unknown game or item, another version */
  async remove(principal: Principal, { game: gameKey, itemId, version }: ItemPlace): Promise<void> {
    const game = await this.directory.game(gameKey);
    await this.removal.remove(principal, game.id, itemId, version);
  }
}
