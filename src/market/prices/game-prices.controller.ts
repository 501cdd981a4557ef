import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { GamePricesDto } from './price-reach.dto.js';
import { PriceReachService } from './price-reach.service.js';
import { gamePricesQuerySchema } from './prices-query.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class GamePricesController {
  constructor(private readonly prices: PriceReachService) {}

  /** Prices of up to 500 items on every server of the game, with age and confidence; on request as of a past day or instant. */
  @Get('prices')
  @ApiOkResponse({ type: GamePricesDto })
  @ApiQuery({
    name: 'itemIds',
    required: false,
    description: 'Item ids, comma-separated, at most 500',
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'externalIds',
    required: false,
    description: "The game's own ids instead",
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'servers',
    required: false,
    description: 'Keys of servers, comma-separated, at most 100; all of them unless given',
    schema: { type: 'string' },
  })
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'A day (its end, UTC) or an instant that is not ahead; what was seen later does not count',
    schema: { type: 'string', format: 'date-time' },
  })
  @RequirePermission('market:read')
  ofGame(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('game') game: string,
  ): Promise<GamePricesDto> {
    return this.prices.ofGame(caller, game, parseInput(gamePricesQuerySchema, request.query), new Date());
  }
}
