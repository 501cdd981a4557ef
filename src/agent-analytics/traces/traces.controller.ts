import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ProjectQueryDto } from '../range-query.dto.js';
import {
  ObservationDetailDto,
  ObservationsDto,
  ObservationsQueryDto,
  ScoresDto,
  ScoresQueryDto,
  TraceDetailDto,
  TracesDto,
  TracesQueryDto,
} from './traces.dto.js';
import { TracesService } from './traces.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics')
export class TracesController {
  constructor(private readonly service: TracesService) {}

  /** Traces, newest first. */
  @Get('traces')
  @RequirePermission('agents:read')
  traces(@Caller() caller: Principal, @Query() query: TracesQueryDto): Promise<TracesDto> {
    return this.service.list(caller, query);
  }

  /** One trace with its observations from the top down, and its scores. */
  @Get('traces/:id')
  @RequirePermission('agents:read')
  trace(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
  ): Promise<TraceDetailDto> {
    return this.service.find(caller, id, query.project);
  }

  /** Observations without their texts, newest first. */
  @Get('observations')
  @RequirePermission('agents:read')
  observations(@Caller() caller: Principal, @Query() query: ObservationsQueryDto): Promise<ObservationsDto> {
    return this.service.observations(caller, query);
  }

  /** One observation with its texts. */
  @Get('observations/:id')
  @RequirePermission('agents:read')
  observation(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
  ): Promise<ObservationDetailDto> {
    return this.service.findObservation(caller, id, query.project);
  }

  /** How sessions, traces and observations were judged, newest first. */
  @Get('scores')
  @RequirePermission('agents:read')
  scores(@Caller() caller: Principal, @Query() query: ScoresQueryDto): Promise<ScoresDto> {
    return this.service.scores(caller, query);
  }
}
