import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  HarvestMapsDto,
  HarvestMapsQueryDto,
  HarvestPlanDto,
  HarvestResourcesDto,
  HarvestResourcesQueryDto,
  HarvestSubareasDto,
  HarvestSubareasQueryDto,
  OptimizeHarvestDto,
} from './harvest.dto.js';
import { HarvestService } from './harvest.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game')
export class HarvestController {
  constructor(private readonly harvest: HarvestService) {}

  /** What can be gathered, by the level that it takes. */
  @Get('harvest/resources')
  @RequirePermission('market:read')
  resources(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: HarvestResourcesQueryDto,
  ): Promise<HarvestResourcesDto> {
    return this.harvest.resources(caller, game, query);
  }

  /** Parts of the world and what grows there. */
  @Get('harvest/subareas')
  @RequirePermission('market:read')
  subareas(
    @Param('game') game: string,
    @Query() query: HarvestSubareasQueryDto,
  ): Promise<HarvestSubareasDto> {
    return this.harvest.subareas(game, query);
  }

  /** Where the maps lie. */
  @Get('harvest/maps')
  @RequirePermission('market:read')
  maps(@Param('game') game: string, @Query() query: HarvestMapsQueryDto): Promise<HarvestMapsDto> {
    return this.harvest.maps(game, query);
  }

  /**
   * The route on which most can be gathered within so many moves, at the newest prices of the server that are not flagged, beside what always going on to
   * the nearest map would bring. A visit counts one stand of each wanted resource that the subarea grows.
   */
  @Post('servers/:server/harvest-routes/optimize')
  @HttpCode(200)
  @RequirePermission('market:read')
  optimize(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() body: OptimizeHarvestDto,
  ): Promise<HarvestPlanDto> {
    return this.harvest.optimize(caller, { game, server }, body);
  }
}
