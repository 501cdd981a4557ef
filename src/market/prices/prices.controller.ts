import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiQuery, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { DetailedPricesDto } from './price-reach.dto.js';
import { PriceReachService } from './price-reach.service.js';
import { PricesDto } from './prices.dto.js';
import { pricesQuerySchema } from './prices-query.js';
import { PricesService } from './prices.service.js';

@ApiTags('market')
@ApiExtraModels(PricesDto, DetailedPricesDto)
@Controller('api/v1/market/games/:game/servers/:server')
export class PricesController {
  constructor(
    private readonly prices: PricesService,
    private readonly reach: PriceReachService,
  ) {}

  /**
   * The newest price of each item that was asked for, up to 500. Answers 304 while nothing on the server has changed. With
   * `detail=full`, or as of a past moment, each comes with what speaks for it, and without a tag.
   */
  @Get('prices')
  @ApiOkResponse({
    description: 'The prices',
    content: {
      'application/json': {
        schema: {
          oneOf: [{ $ref: getSchemaPath(PricesDto) }, { $ref: getSchemaPath(DetailedPricesDto) }],
        },
      },
    },
  })
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
  @ApiQuery({
    name: 'detail',
    required: false,
    enum: ['basic', 'full'],
    description: '`full`: with age, flag, median and low of the week, and confidence',
    schema: { default: 'basic' },
  })
  @ApiQuery({
    name: 'asOf',
    required: false,
    description: 'A day (its end, UTC) or an instant that is not ahead; what was seen later does not count',
    schema: { type: 'string', format: 'date-time' },
  })
  @RequirePermission('market:read')
  latest(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
  ): Promise<PricesDto | DetailedPricesDto | typeof NOT_MODIFIED> {
    const query = parseInput(pricesQuerySchema, request.query);
    if (query.detail === 'full' || query.asOf !== undefined)
      return this.reach.ofServer(caller, { game, server }, query, new Date());
    return conditionalVersion(request, response, {
      etagOf: (version) => `W/"${version}"`,
      version: () => this.prices.version(caller, game, server),
      load: () => this.prices.latest(caller, game, server, query),
    });
  }
}
