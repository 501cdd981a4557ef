import { Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { builtPeriodQuery, builtRunsQuery, polylineQuery } from './compat-bodies.js';
import { TakesQuery } from './compat-docs.decorator.js';
import { CompatWispBuiltFilter } from './compat.filter.js';
import {
  CompatWispFeatureDto,
  CompatWispHealthDto,
  CompatWispMeDto,
  CompatWispPolylineDto,
  CompatWispValidDto,
} from './compat-built.dto.js';
import { CompatBuilt } from './compat-built.service.js';
import {
  CompatWispBuiltRouteDto,
  CompatWispBuiltRunDto,
  CompatWispBuiltRunsDto,
  CompatWispBuiltSummaryDto,
} from './compat-runs.dto.js';
import { CompatStats } from './compat-stats.service.js';
import { ORIGINAL_ID } from './original-id.js';

/** The routes that the original's server has: without an envelope, and at its root. Those of Strava come with a later room. */
@ApiTags('compat wisp')
@UseFilters(CompatWispBuiltFilter)
@Controller('compat/wisp')
@CompatMount('wisp')
export class CompatBuiltController {
  constructor(
    private readonly built: CompatBuilt,
    private readonly stats: CompatStats,
  ) {}

  @Get('health')
  @Public()
  health(): CompatWispHealthDto {
    return this.built.health();
  }

  @Get('auth/me')
  @RequirePermission('running:own')
  me(@Caller() caller: Principal): CompatWispMeDto {
    return { user_id: caller.id, authenticated: true };
  }

  /** A token that is none is refused with 401, where the original said `valid: false`. */
  @Post('auth/validate')
  @HttpCode(200)
  @RequirePermission('running:own')
  validate(@Caller() caller: Principal): CompatWispValidDto {
    return { valid: true, user_id: caller.id };
  }

  @Get('runs')
  @TakesQuery(builtRunsQuery)
  @RequirePermission('running:own')
  runs(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<CompatWispBuiltRunsDto> {
    return this.built.runs(caller, query);
  }

  @Get('runs/latest')
  @RequirePermission('running:own')
  latest(@Caller() caller: Principal): Promise<CompatWispBuiltRunDto> {
    return this.built.latest(caller);
  }

  @Get('runs/:id')
  @RequirePermission('running:own')
  run(@Caller() caller: Principal, @Param('id', ORIGINAL_ID) id: string): Promise<CompatWispBuiltRunDto> {
    return this.built.run(caller, id);
  }

  @Get('runs/:id/route')
  @RequirePermission('running:own')
  route(@Caller() caller: Principal, @Param('id', ORIGINAL_ID) id: string): Promise<CompatWispBuiltRouteDto> {
    return this.built.route(caller, id);
  }

  @Get('runs/:id/route/polyline')
  @TakesQuery(polylineQuery)
  @ApiExtraModels(CompatWispFeatureDto, CompatWispPolylineDto)
  @ApiOkResponse({
    schema: {
      oneOf: [{ $ref: getSchemaPath(CompatWispFeatureDto) }, { $ref: getSchemaPath(CompatWispPolylineDto) }],
    },
  })
  @RequirePermission('running:own')
  polyline(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
    @Query() query: Record<string, unknown>,
  ): Promise<CompatWispFeatureDto | CompatWispPolylineDto> {
    return this.built.polyline(caller, id, query);
  }

  /** Of the last 7, 30 or 365 days, or of all time. */
  @Get('stats/summary')
  @TakesQuery(builtPeriodQuery)
  @RequirePermission('running:own')
  summary(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<CompatWispBuiltSummaryDto> {
    return this.stats.built(caller, query);
  }
}
