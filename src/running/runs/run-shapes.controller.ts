import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  RunCorrectionsDto,
  RunLapsDto,
  RunPausesDto,
  RunRouteDto,
  RunRouteQueryDto,
  RunStreamsDto,
  RunStreamsQueryDto,
} from './run-shapes.dto.js';
import { RunShapes } from './run-shapes.service.js';

@ApiTags('running')
@Controller('api/v1/running/runs/:id')
export class RunShapesController {
  constructor(private readonly shapes: RunShapes) {}

  /** Where the run went: as GeoJSON, as an encoded polyline or point by point, with its bounds. */
  @Get('route')
  @RequirePermission('running:read')
  route(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunRouteQueryDto,
  ): Promise<RunRouteDto> {
    return this.shapes.route(caller, id, query);
  }

  /** Columns for charts: a range of the run, in the detail that a screen has room for. */
  @Get('streams')
  @RequirePermission('running:read')
  streams(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunStreamsQueryDto,
  ): Promise<RunStreamsDto> {
    return this.shapes.streams(caller, id, query);
  }

  /** Laps of the device; none where no button was pressed. */
  @Get('laps')
  @RequirePermission('running:read')
  laps(@Caller() caller: Principal, @Param('id') id: string): Promise<RunLapsDto> {
    return this.shapes.laps(caller, id);
  }

  /** Where the watch was stopped, and silences in which nobody moved. */
  @Get('pauses')
  @RequirePermission('running:read')
  pauses(@Caller() caller: Principal, @Param('id') id: string): Promise<RunPausesDto> {
    return this.shapes.pauses(caller, id);
  }

  /** What was put right in the track, why, and what stood there before. */
  @Get('corrections')
  @RequirePermission('running:read')
  corrections(@Caller() caller: Principal, @Param('id') id: string): Promise<RunCorrectionsDto> {
    return this.shapes.corrections(caller, id);
  }
}
