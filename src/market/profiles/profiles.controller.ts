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
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { etagOf } from '../../platform/http/if-match.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { SeenVersion } from '../catalog/seen-version.decorator.js';
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

  @Get(':id')
  @ApiOkResponse({ type: ProfileDto })
  @RequirePermission('market:own')
  find(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
  ): Promise<ProfileDto | typeof NOT_MODIFIED> {
    return conditionalVersion(request, response, {
      etagOf,
      version: async () => (await this.profiles.find(caller, game, id)).version,
      load: async () => {
        const row = await this.profiles.find(caller, game, id);
        return { version: row.version, body: toProfileDto(row) };
      },
    });
  }

  /** Gives a profile another name, also as the author of its messages; with If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  async rename(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @SeenVersion() version: number | undefined,
    @Body() body: NewProfileDto,
  ): Promise<ProfileDto> {
    const profile = toProfileDto(await this.profiles.rename(caller, { game, id, version }, body.name));
    response.setHeader('ETag', etagOf(profile.version));
    return profile;
  }

  /** With its favourites, private lists, stock and messages. Public lists stay, as the account's. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('market:own')
  remove(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @SeenVersion() version: number | undefined,
  ): Promise<void> {
    return this.profiles.remove(caller, { game, id, version });
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
