import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { GameTermsDto, TradeTermsChangeDto, TradeTermsDto } from './trade-terms.dto.js';
import { toGameTermsDto, toTradeTermsDto } from './trade-terms.mapper.js';
import { TradeTermsService } from './trade-terms.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class TradeTermsController {
  constructor(private readonly terms: TradeTermsService) {}

  /** What selling costs in the game, and on the servers that differ from it. */
  @Get('terms')
  @RequirePermission('market:read')
  async ofGame(@Param('game') game: string): Promise<GameTermsDto> {
    return toGameTermsDto(await this.terms.listOfGame(game));
  }

  /** Says what selling costs in the game; servers with terms of their own keep them. Figures after tax follow at once. */
  @Put('terms')
  @RequirePermission('admin:write')
  async changeOfGame(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() change: TradeTermsChangeDto,
  ): Promise<TradeTermsDto> {
    return toTradeTermsDto(await this.terms.changeOfGame(caller, game, change));
  }

  /** What selling costs on the server: by its own terms, else by those of the game. */
  @Get('servers/:server/terms')
  @RequirePermission('market:read')
  async ofServer(@Param('game') game: string, @Param('server') server: string): Promise<TradeTermsDto> {
    return toTradeTermsDto(await this.terms.findOfServer(game, server));
  }

  /** Gives the server terms of its own. Figures after tax follow at once. */
  @Put('servers/:server/terms')
  @RequirePermission('admin:write')
  async changeOfServer(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() change: TradeTermsChangeDto,
  ): Promise<TradeTermsDto> {
    return toTradeTermsDto(await this.terms.changeOfServer(caller, game, server, change));
  }

  /** Takes the server's own terms away: it follows its game again. */
  @Delete('servers/:server/terms')
  @HttpCode(204)
  @RequirePermission('admin:write')
  removeOfServer(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
  ): Promise<void> {
    return this.terms.removeOfServer(caller, game, server);
  }
}
