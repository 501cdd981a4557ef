import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditionalVersion, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import {
  SignalsDto,
  SignalsQueryDto,
  TrendsDto,
  TrendsQueryDto,
  VolatilityDto,
  VolatilityQueryDto,
} from './figure-lists.dto.js';
import { NativeListsService } from './native-lists.service.js';

const etagOf = (version: string): string => `W/"${version}"`;

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/analytics')
export class FigureListsController {
  constructor(private readonly lists: NativeListsService) {}

  /** Items by how much their price moves from day to day. Answers 304 while the figures have not changed. */
  @Get('volatility')
  @ApiOkResponse({ type: VolatilityDto })
  @RequirePermission('market:read')
  volatility(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: VolatilityQueryDto,
  ): Promise<VolatilityDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.lists.version(caller, place, query),
      load: () => this.lists.volatility(caller, place, query),
    });
  }

  /** Items whose price stands apart from what it was before. Answers 304 while the figures have not changed. */
  @Get('signals')
  @ApiOkResponse({ type: SignalsDto })
  @RequirePermission('market:read')
  signals(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: SignalsQueryDto,
  ): Promise<SignalsDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.lists.version(caller, place, query),
      load: () => this.lists.signals(caller, place, query),
    });
  }

  /** Items whose price goes one way, the farthest first. Answers 304 while the figures have not changed. */
  @Get('trends')
  @ApiOkResponse({ type: TrendsDto })
  @RequirePermission('market:read')
  trends(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: TrendsQueryDto,
  ): Promise<TrendsDto | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return conditionalVersion(request, response, {
      etagOf,
      version: () => this.lists.version(caller, place, query),
      load: () => this.lists.trends(caller, place, query),
    });
  }
}
