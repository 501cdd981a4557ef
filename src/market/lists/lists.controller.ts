import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { SeenVersion } from '../catalog/seen-version.decorator.js';
import {
  ListChangeDto,
  ListDto,
  ListQuantityDto,
  ItemListQueryDto,
  ListsDto,
  ListsQueryDto,
  ListWithItemsDto,
  NewListDto,
} from './lists.dto.js';
import { listFilterOf, toListDto, toListWithItemsDto } from './lists.mapper.js';
import { ListsService } from './lists.service.js';
import { PricedListsService } from './priced-lists.service.js';

const ROUTE = 'POST /api/v1/market/games/:game/lists';

@ApiTags('market')
@Controller('api/v1/market/games/:game/lists')
export class ListsController {
  constructor(
    private readonly lists: ListsService,
    private readonly priced: PricedListsService,
  ) {}

  /** Public lists of everybody and the caller's own, newest first. */
  @Get()
  @RequirePermission('market:read')
  async list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: ListsQueryDto,
  ): Promise<ListsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const rows = await this.lists.list(caller, game, listFilterOf(query), before, query.limit + 1);
    return toPage(rows, query.limit, ({ id }) => [id], toListDto);
  }

  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('market:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() body: NewListDto,
  ): Promise<ListDto> {
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}`);
    const wish = { name: body.name, scope: body.scope, profileId: body.profileId ?? null };
    return answerWith(response, await this.lists.create(caller, game, wish, idempotent, toListDto));
  }

  /** A list with its items and what they cost: now, at the beginning of the range, and on average. */
  @Get(':id')
  @RequirePermission('market:read')
  async find(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @Query() query: ItemListQueryDto,
  ): Promise<ListWithItemsDto> {
    return toListWithItemsDto(await this.priced.find(caller, game, id, query));
  }

  /**
   * Changes what is given of name, scope and profile; with If-Match only when nobody has changed the list or its items since. Nobody but
   * its owner can, also where it is public.
   */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') listId: string,
    @SeenVersion() version: number | undefined,
    @Body() body: ListChangeDto,
  ): Promise<ListDto> {
    const list = toListDto(await this.lists.change(caller, { game, listId, version }, body));
    response.setHeader('ETag', etagOf(list.version));
    return list;
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') listId: string,
    @SeenVersion() version: number | undefined,
  ): Promise<void> {
    return this.lists.remove(caller, { game, listId, version });
  }

  /** Puts an item on the list, or gives it another quantity there. */
  @Put(':id/items/:itemId')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  async putItem(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') listId: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @SeenVersion() version: number | undefined,
    @Body() body: ListQuantityDto,
  ): Promise<void> {
    await this.lists.putItem(caller, { game, listId, itemId, version }, body.quantity);
  }

  /** Takes an item off the list; one that is not there stays away. */
  @Delete(':id/items/:itemId')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  async removeItem(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') listId: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @SeenVersion() version: number | undefined,
  ): Promise<void> {
    await this.lists.removeItem(caller, { game, listId, itemId, version });
  }
}
