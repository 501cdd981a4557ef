import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import {
  CategoriesDto,
  GameDetailsDto,
  GamesDto,
  ItemDetailsDto,
  ItemEffectsDto,
  ItemsDto,
  ItemsQueryDto,
  ItemTypesDto,
  ServersDto,
} from './catalog.dto.js';
import { CatalogService } from './catalog.service.js';

@ApiTags('market')
@Controller('api/v1/market/games')
export class CatalogController {
  constructor(private readonly catalog: CatalogService) {}

  @Get()
  @RequirePermission('market:read')
  games(@Caller() caller: Principal): Promise<GamesDto> {
    return this.catalog.games(caller);
  }

  /** One game with all of its servers. */
  @Get(':game')
  @RequirePermission('market:read')
  game(@Param('game') game: string): Promise<GameDetailsDto> {
    return this.catalog.game(game);
  }

  @Get(':game/servers')
  @RequirePermission('market:read')
  servers(@Param('game') game: string): Promise<ServersDto> {
    return this.catalog.servers(game);
  }

  @Get(':game/categories')
  @RequirePermission('market:read')
  categories(@Caller() caller: Principal, @Param('game') game: string): Promise<CategoriesDto> {
    return this.catalog.categories(caller, game);
  }

  /** Classes of items, finer than categories. */
  @Get(':game/types')
  @RequirePermission('market:read')
  types(@Caller() caller: Principal, @Param('game') game: string): Promise<ItemTypesDto> {
    return this.catalog.types(caller, game);
  }

  /** All items by name, page by page; with `q` alone, the best matches first. */
  @Get(':game/items')
  @RequirePermission('market:read')
  items(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: ItemsQueryDto,
  ): Promise<ItemsDto> {
    return this.catalog.list(caller, game, query);
  }

  /** One item with the recipe that makes it. */
  @Get(':game/items/:itemId')
  @RequirePermission('market:read')
  item(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<ItemDetailsDto> {
    return this.catalog.details(caller, game, itemId);
  }

  /** What using an item does, as far as the shipped facts say. */
  @Get(':game/items/:itemId/effects')
  @RequirePermission('market:read')
  effects(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<ItemEffectsDto> {
    return this.catalog.effectsOf(caller, game, itemId);
  }
}
