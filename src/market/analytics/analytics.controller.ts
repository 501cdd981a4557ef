import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import {
  IndexDto,
  IndexQueryDto,
  ItemStatsDto,
  MoversDto,
  MoversQueryDto,
  SpanQueryDto,
} from './analytics.dto.js';
import { NativeAnalyticsService } from './native-analytics.service.js';

const etagOf = (version: string): string => `W/"${version}"`;

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/analytics')
export class AnalyticsController {
  constructor(private readonly analytics: NativeAnalyticsService) {}

  /** How far the server's market has moved as a whole. Answers 304 while the figures have not changed. */
  @Get('index')
  @ApiOkResponse({ type: IndexDto })
  @RequirePermission('market:read')
  index(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: IndexQueryDto,
  ): Promise<IndexDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.analytics.version(caller, place, query),
      load: () => this.analytics.index(caller, place, query),
    });
  }

  /** Items by how far their price has moved. Answers 304 while the figures have not changed. */
  @Get('movers')
  @ApiOkResponse({ type: MoversDto })
  @RequirePermission('market:read')
  movers(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: MoversQueryDto,
  ): Promise<MoversDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.analytics.version(caller, place, query),
      load: () => this.analytics.movers(caller, place, query),
    });
  }

  /** Volatility, medians, averages and signals of one item, by both methods. */
  @Get('items/:itemId/stats')
  @ApiOkResponse({ type: ItemStatsDto })
  @RequirePermission('market:read')
  itemStats(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: SpanQueryDto,
  ): Promise<ItemStatsDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.analytics.itemVersion(caller, place, itemId, query),
      load: () => this.analytics.itemStats(caller, place, itemId, query),
    });
  }
}
