import { Body, Controller, Delete, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { etagOf } from '../../platform/http/if-match.js';
import { SeenVersion } from '../catalog/seen-version.decorator.js';
import { GameTermsDto, TradeTermsChangeDto, TradeTermsDto } from './trade-terms.dto.js';
import { toGameTermsDto, toTradeTermsDto } from './trade-terms.mapper.js';
import { TradeTermsService, type VersionedTerms } from './trade-terms.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class TradeTermsController {
  constructor(private readonly terms: TradeTermsService) {}

  /** What selling costs in the game, and on the servers that differ from it. Its ETag is that of all of them. */
  @Get('terms')
  @ApiOkResponse({ type: GameTermsDto })
  @RequirePermission('market:read')
  ofGame(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('game') game: string,
  ): Promise<GameTermsDto | typeof NOT_MODIFIED> {
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.terms.version(game),
      load: async () => ({
        version: await this.terms.version(game),
        body: toGameTermsDto(await this.terms.listOfGame(game)),
      }),
    });
  }

  /**
   * Says what selling costs in the game; servers with terms of their own keep them. With If-Match only when nobody has changed terms of
   * the game or a server of it since. Figures after tax follow at once.
   */
  @Put('terms')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('admin:write')
  async changeOfGame(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @SeenVersion() seen: number | undefined,
    @Body() change: TradeTermsChangeDto,
  ): Promise<TradeTermsDto> {
    return this.changed(response, await this.terms.changeOfGame(caller, game, seen, change));
  }

  /** What selling costs on the server: by its own terms, else by those of the game. */
  @Get('servers/:server/terms')
  @ApiOkResponse({ type: TradeTermsDto })
  @RequirePermission('market:read')
  ofServer(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Param('game') game: string,
    @Param('server') server: string,
  ): Promise<TradeTermsDto | typeof NOT_MODIFIED> {
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.terms.version(game, server),
      load: async () => ({
        version: await this.terms.version(game, server),
        body: toTradeTermsDto(await this.terms.findOfServer(game, server)),
      }),
    });
  }

  /** Gives the server terms of its own; If-Match as for the game. Figures after tax follow at once. */
  @Put('servers/:server/terms')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('admin:write')
  async changeOfServer(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @SeenVersion() seen: number | undefined,
    @Body() change: TradeTermsChangeDto,
  ): Promise<TradeTermsDto> {
    return this.changed(response, await this.terms.changeOfServer(caller, { game, server }, seen, change));
  }

  /** Takes the server's own terms away: it follows its game again. */
  @Delete('servers/:server/terms')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('admin:write')
  removeOfServer(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @SeenVersion() seen: number | undefined,
  ): Promise<void> {
    return this.terms.removeOfServer(caller, { game, server }, seen);
  }

  private changed(response: Response, { version, row }: VersionedTerms): TradeTermsDto {
    response.setHeader('ETag', etagOf(version));
    return toTradeTermsDto(row);
  }
}
