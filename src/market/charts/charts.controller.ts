import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Picture } from '../../platform/http/svg-answer.js';
import { AnswersSvg } from '../../platform/http/svg-answer.decorator.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { ChartQueryDto, SparklineQueryDto } from './charts.dto.js';
import { ChartsService } from './charts.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/items/:itemId')
export class ChartsController {
  constructor(private readonly charts: ChartsService) {}

  /** The daily medians of an item as a small picture without axes; green where they rose. Answers 304 while it is the same. */
  @Get('sparkline.svg')
  @AnswersSvg()
  @RequirePermission('market:read')
  sparkline(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: SparklineQueryDto,
  ): Promise<Picture> {
    const place = { game, server, now: new Date() };
    return this.charts.draw(caller, 'sparkline', place, itemId, query);
  }

  /** The same with axes, and a band from the lowest to the highest price of each day. */
  @Get('chart.svg')
  @AnswersSvg()
  @RequirePermission('market:read')
  chart(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
    @Query() query: ChartQueryDto,
  ): Promise<Picture> {
    const place = { game, server, now: new Date() };
    return this.charts.draw(caller, 'chart', place, itemId, query);
  }
}
