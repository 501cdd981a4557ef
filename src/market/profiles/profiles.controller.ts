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
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { FavouritesService } from './favourites.service.js';
import { FavouritesDto, FavouritesQueryDto, NewProfileDto, ProfileDto, ProfilesDto } from './profiles.dto.js';
import { toFavouriteDto, toProfileDto } from './profiles.mapper.js';
import { ProfilesService } from './profiles.service.js';

const ROUTE = 'POST /api/v1/market/games/:game/profiles';

@ApiTags('market')
@Controller('api/v1/market/games/:game/profiles')
export class ProfilesController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly favourites: FavouritesService,
  ) {}

  /** The caller's profiles by name. */
  @Get()
  @RequirePermission('market:own')
  async list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: PageQueryDto,
  ): Promise<ProfilesDto> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'] as const);
    const rows = await this.profiles.list(caller, game, after, query.limit + 1);
    return toPage(rows, query.limit, ({ name, id }) => [name, id], toProfileDto);
  }

  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('market:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() body: NewProfileDto,
  ): Promise<ProfileDto> {
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}`);
    return answerWith(
      response,
      await this.profiles.create(caller, game, body.name, idempotent, toProfileDto),
    );
  }

  /** Gives a profile another name, also as the author of its messages. */
  @Patch(':id')
  @RequirePermission('market:own')
  async rename(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @Body() body: NewProfileDto,
  ): Promise<ProfileDto> {
    return toProfileDto(await this.profiles.rename(caller, game, id, body.name));
  }

  /** With its favourites, private lists, stock and messages. Public lists stay, as the account's. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:own')
  remove(@Caller() caller: Principal, @Param('game') game: string, @Param('id') id: string): Promise<void> {
    return this.profiles.remove(caller, game, id);
  }

  /** Items that the profile has marked, by name. */
  @Get(':id/favourites')
  @RequirePermission('market:own')
  async listFavourites(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Query() query: FavouritesQueryDto,
  ): Promise<FavouritesDto> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'number'] as const);
    const rows = await this.favourites.list(caller, { game, profileId }, after, query.limit + 1);
    return toPage(rows, query.limit, ({ labelFold, itemId }) => [labelFold, itemId], toFavouriteDto);
  }

  /** Marks an item; one that is marked stays so. */
  @Put(':id/favourites/:itemId')
  @HttpCode(204)
  @RequirePermission('market:own')
  async addFavourite(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Param('itemId', PathIdPipe) id: number,
  ): Promise<void> {
    await this.favourites.add(caller, { game, profileId }, { id });
  }

  /** Unmarks an item; one that is not marked stays so. */
  @Delete(':id/favourites/:itemId')
  @HttpCode(204)
  @RequirePermission('market:own')
  async removeFavourite(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') profileId: string,
    @Param('itemId', PathIdPipe) id: number,
  ): Promise<void> {
    await this.favourites.remove(caller, { game, profileId }, { id });
  }
}
