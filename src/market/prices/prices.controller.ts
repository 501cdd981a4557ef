import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { PricesDto, SeriesDto } from './prices.dto.js';
import { pricesQuerySchema, seriesQuerySchema } from './prices-query.js';
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

  /** Raw observations of one item, oldest first, page by page. */
  @Get('items/:itemId/series')
  @ApiOkResponse({ type: SeriesDto })
  @ApiQuery({ name: 'from', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'to', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 200 },
  })
  @ApiQuery({ name: 'cursor', required: false, schema: { type: 'string' } })
  @RequirePermission('market:read')
  series(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: Record<string, unknown>,
  ): Promise<SeriesDto> {
    return this.prices.series(caller, game, server, itemId, parseInput(seriesQuerySchema, query));
  }
}
