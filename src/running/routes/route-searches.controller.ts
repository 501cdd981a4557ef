import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { readNear } from './near-place.reader.js';
import { RouteComparisons } from './route-comparisons.service.js';
import { RouteLoops } from './route-loops.service.js';
import {
  RouteComparisonDto,
  RouteComparisonWishDto,
  RouteLoopsDto,
  RouteTimeQueryDto,
  RouteWishQueryDto,
  SuggestedRoutesDto,
} from './route-searches.dto.js';
import { toRouteComparisonDto, toRouteLoopDto, toSuggestedRouteDto } from './route-searches.mapper.js';
import { SuggestedRoutes } from './suggested-routes.service.js';

/** Registered before what takes its words for an id. */
@ApiTags('running')
@Controller('api/v1/running/routes')
export class RouteSearchesController {
  constructor(
    private readonly suggested: SuggestedRoutes,
    private readonly comparisons: RouteComparisons,
    private readonly loops: RouteLoops,
  ) {}

  /**
   * Ways of the library, and chains of their loops in whichever direction and order, for a wanted distance, climb or time; each with the
   * time that it will take. The 100 routes with most runs are looked at.
   */
  @Get('suggest')
  @RequirePermission('running:own')
  async suggest(@Caller() caller: Principal, @Query() query: RouteWishQueryDto): Promise<SuggestedRoutesDto> {
    const { distanceM, climbM, timeS, effort, limit } = query;
    const near = readNear(query.near) ?? undefined;
    const found = await this.suggested.suggest(caller, { distanceM, climbM, timeS, near }, effort, limit);
    return { items: found.map(toSuggestedRouteDto) };
  }

  /** What an own run, or a way that was drawn on a map, is to the routes of the library. Keeps nothing. */
  @Post('match')
  @HttpCode(200)
  @RequirePermission('running:own')
  async match(
    @Caller() caller: Principal,
    @Body() { runId, polyline }: RouteComparisonWishDto,
  ): Promise<RouteComparisonDto> {
    return toRouteComparisonDto(await this.comparisons.compare(caller, { runId, polyline }));
  }

  /** Loops that the route is made of, each to be run for itself in both directions; with `near` those that pass it, begun there. */
  @Get(':id/loops')
  @RequirePermission('running:own')
  async listLoops(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RouteTimeQueryDto,
  ): Promise<RouteLoopsDto> {
    const loops = await this.loops.list(caller, id, readNear(query.near), query.effort);
    return { items: loops.map(toRouteLoopDto) };
  }
}
