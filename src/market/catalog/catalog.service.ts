import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { unknownItem } from '../market.errors.js';
import type {
  CategoriesDto,
  GameDetailsDto,
  GamesDto,
  ItemDetailsDto,
  ItemsDto,
  ItemEffectsDto,
  ItemsQueryDto,
  ItemTypesDto,
  ServersDto,
} from './catalog.dto.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { toItemDto, toItemEffectDto } from './catalog.mapper.js';
import { CatalogRepository, type CategoryRow, type GameRow, type ItemTypeRow } from './catalog.repository.js';
import { foldName } from './fold-name.js';
import { type ItemEffectRow, ItemEffectsRepository } from './item-effects.repository.js';
import { type ItemRow, ItemsRepository, type RecipeRow } from './items.repository.js';

@Injectable()
export class CatalogService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly catalog: CatalogRepository,
    private readonly items: ItemsRepository,
    private readonly effects: ItemEffectsRepository,
  ) {}

  async games(principal: Principal): Promise<GamesDto> {
    const rows = await this.uow.read<GameRow>(principal, this.catalog.gamesStatement());
    return { items: rows.map(({ key, name }) => ({ key, name })) };
  }

  async game(gameKey: string): Promise<GameDetailsDto> {
    const { key, name } = await this.directory.game(gameKey);
    return { key, name, servers: (await this.servers(gameKey)).items };
  }

  async servers(game: string): Promise<ServersDto> {
    const rows = await this.directory.listServers(game);
    return { items: rows.map(({ key, name }) => ({ key, name })) };
  }

  async categories(principal: Principal, gameKey: string): Promise<CategoriesDto> {
    const game = await this.directory.game(gameKey);
    const rows = await this.uow.read<CategoryRow>(principal, this.catalog.categoriesStatement(game.id));
    return { items: rows.map(({ id, name }) => ({ id, name })) };
  }

  async types(principal: Principal, gameKey: string): Promise<ItemTypesDto> {
    const game = await this.directory.game(gameKey);
    const rows = await this.uow.read<ItemTypeRow>(principal, this.catalog.itemTypesStatement(game.id));
    return { items: rows.map(({ externalId: id, ...row }) => ({ id, ...row })) };
  }

  /** Pages of items by name; of a search without filters, best matches first, or one page of what is most like it. */
  async list(principal: Principal, gameKey: string, query: ItemsQueryDto): Promise<ItemsDto> {
    const game = await this.directory.game(gameKey);
    const text = foldName(query.q ?? '');
    const isFiltered = [query.category, query.type, query.levelMin, query.levelMax].some(
      (v) => v !== undefined,
    );
    const limit = query.limit + 1;
    const after =
      query.cursor === undefined ? undefined : decodeCursor(query.cursor, ['string', 'number'] as const);
    const statement =
      text !== '' && !isFiltered
        ? this.items.searchStatement(game.id, text, limit, after)
        : this.items.listStatement(game.id, {
            query: text,
            categoryId: query.category,
            typeExternalId: query.type,
            levelMin: query.levelMin,
            levelMax: query.levelMax,
            limit,
            after,
          });
    const rows = await this.uow.read<ItemRow>(principal, statement);
    if (rows.length === 0 && text !== '' && !isFiltered && after === undefined) {
      const similar = this.items.similarStatement(game.id, text, query.limit);
      return { items: (await this.uow.read<ItemRow>(principal, similar)).map(toItemDto), nextCursor: null };
    }
    return toPage(rows, query.limit, (row) => [row.labelFold, row.id], toItemDto);
  }

  /** @throws DomainError unknown item */
  async details(principal: Principal, gameKey: string, itemId: number): Promise<ItemDetailsDto> {
    const game = await this.directory.game(gameKey);
    const [[item], [recipe]] = await Promise.all([
      this.uow.read<ItemRow & { version: number }>(principal, this.items.itemStatement(game.id, itemId)),
      this.uow.read<RecipeRow>(principal, this.items.recipeStatement(itemId)),
    ]);
    if (!item) throw unknownItem();
    return { ...toItemDto(item), recipe: recipe ?? null, version: item.version };
  }

  /** @throws DomainError unknown item */
  async effectsOf(principal: Principal, gameKey: string, itemId: number): Promise<ItemEffectsDto> {
    const game = await this.directory.game(gameKey);
    const [[item], rows] = await Promise.all([
      this.uow.read<ItemRow>(principal, this.items.itemStatement(game.id, itemId)),
      this.uow.read<ItemEffectRow>(principal, this.effects.effectsStatement(game.id, itemId)),
    ]);
    if (!item) throw unknownItem();
    return { items: rows.map(toItemEffectDto) };
  }
}
