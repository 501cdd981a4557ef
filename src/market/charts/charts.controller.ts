import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { answerSvg, SVG } from '../../platform/http/svg-answer.js';
import type { NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { ChartQueryDto, SparklineQueryDto } from './charts.dto.js';
import { ChartsService } from './charts.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/items/:itemId')
export class ChartsController {
  constructor(private readonly charts: ChartsService) {}

  /** The daily medians of an item as a small picture without axes; green where they rose. Answers 304 while it is the same. */
  @Get('sparkline.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('market:read')
  async sparkline(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: SparklineQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return answerSvg(request, response, await this.charts.draw(caller, 'sparkline', place, itemId, query));
  }

  /** The same with axes, and a band from the lowest to the highest price of each day. */
  @Get('chart.svg')
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(SVG)
  @RequirePermission('market:read')
  async chart(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: ChartQueryDto,
  ): Promise<Buffer | typeof NOT_MODIFIED> {
    const place = { game, server, now: new Date() };
    return answerSvg(request, response, await this.charts.draw(caller, 'chart', place, itemId, query));
  }
}
