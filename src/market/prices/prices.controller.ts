import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { PricesDto } from './prices.dto.js';
import { pricesQuerySchema } from './prices-query.js';
import { PricesService } from './prices.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server')
export class PricesController {
  constructor(private readonly prices: PricesService) {}

  /** The newest price of each item that was asked for, up to 500. Answers 304 while nothing on the server has changed. */
  @Get('prices')
  @ApiOkResponse({ type: PricesDto })
  @ApiQuery({
    name: 'ids',
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
  @RequirePermission('market:read')
  latest(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
  ): Promise<PricesDto | typeof NOT_MODIFIED> {
    const query = parseInput(pricesQuerySchema, request.query);
    return conditionalVersion(request, response, {
      etagOf: (version) => `W/"${version}"`,
      version: () => this.prices.version(caller, game, server),
      load: () => this.prices.latest(caller, game, server, query),
    });
  }
}
