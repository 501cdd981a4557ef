import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { ItemCuration } from '../catalog/item-curation.service.js';
import { ItemNaming } from '../catalog/item-naming.service.js';
import { ItemRemoval } from '../catalog/item-removal.service.js';
import { MARKET_ERROR } from '../market.errors.js';
import { badItemId, invalidKnownItem, passOver } from './compat.errors.js';
import { itemChangeSchema, knownItemSchema, readBody } from './compat-body.reader.js';
import type { CompatItemChangedDto, CompatSuccessDto } from './compat-catalog.dto.js';
import { COMPAT_GAME } from './compat-game.js';
import { itemIdIn } from './compat-item-id.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

/**
 * The original's writes to items: renaming and deleting (by curators), and naming by hand. As there, what is not found is no
 * failure. Unlike there, a name that another item has is a conflict (there: a failure of the database).
 */
@Injectable()
export class CompatItemWrites implements OnModuleInit {
  constructor(
    private readonly resources: CompatResources,
    private readonly directory: CatalogDirectory,
    private readonly curation: ItemCuration,
    private readonly removal: ItemRemoval,
    private readonly naming: ItemNaming,
  ) {}

  onModuleInit(): void {
    this.resources.register('data', 'items', {
      PUT: async (request) => replyOf(await this.change(request)),
      DELETE: async (request) => replyOf(await this.remove(request)),
    });
    this.resources.register('data', 'known_items', {
      POST: async (request) => replyOf(await this.name(request)),
    });
  }

  /** The server is echoed only: names are those of the game. */
  private async change({ principal, body }: CompatRequest): Promise<CompatItemChangedDto> {
    const change = readBody(itemChangeSchema, body);
    const place = { game: COMPAT_GAME, item: { label: change.old_item_name } };
    const facts = {
      // A label such as `#123` is no name; a client that only sets the category sends it back.
      ...(change.new_item_name === change.old_item_name ? {} : { name: change.new_item_name }),
      ...(change.category === undefined ? {} : { category: change.category.trim() || null }),
    };
    await this.curation
      .change(principal, place, facts, { isPlain: true })
      .catch(passOver(MARKET_ERROR.unknownItem));
    return { status: 'ok', ...change };
  }

  private async remove({ principal, query }: CompatRequest): Promise<CompatSuccessDto> {
    const itemId = itemIdIn(query);
    if (typeof itemId === 'string') throw badItemId(itemId);
    const game = await this.directory.game(COMPAT_GAME);
    await this.removal.remove(principal, game.id, itemId).catch(passOver(MARKET_ERROR.unknownItem));
    return { success: true };
  }

  private async name({ principal, body }: CompatRequest): Promise<CompatSuccessDto> {
    const named = knownItemSchema.safeParse(body);
    if (!named.success) throw invalidKnownItem();
    const { gid, name, category = null } = named.data;
    await this.naming.name(principal, COMPAT_GAME, { externalId: gid, name, category });
    return { success: true };
  }
}
