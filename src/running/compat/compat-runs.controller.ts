import { Controller, Delete, Get, Param, Post, Put, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import type { Envelope } from './compat-answer.js';
import { monthlyQuery, runsQuery } from './compat-bodies.js';
import { TakesBody, TakesQuery } from './compat-docs.decorator.js';
import { AnswersEnvelope, enveloped } from './compat-envelope.decorator.js';
import { newRunBody, routeBody, runChangeBody } from './compat-run-bodies.js';
import { CompatRunWrites } from './compat-run-writes.service.js';
import { CompatWispFilter } from './compat.filter.js';
import {
  CompatWispGoneDto,
  CompatWispMonthsDto,
  CompatWispRecordsDto,
  CompatWispRouteDto,
  CompatWispRunDetailsDto,
  CompatWispRunDto,
  CompatWispRunsDto,
  CompatWispSummaryDto,
} from './compat-runs.dto.js';
import { CompatRuns } from './compat-runs.service.js';
import { CompatStats } from './compat-stats.service.js';
import { ORIGINAL_ID } from './original-id.js';

const ROUTE = 'POST /compat/wisp/api/v1/runs';

/** Runs by the contract of the original's documents. Weather comes with a later room. */
@ApiTags('compat wisp')
@UseFilters(CompatWispFilter)
@Controller('compat/wisp/api/v1/runs')
@CompatMount('wisp')
export class CompatRunsController {
  constructor(
    private readonly runs: CompatRuns,
    private readonly writes: CompatRunWrites,
    private readonly stats: CompatStats,
  ) {}

  @Get()
  @TakesQuery(runsQuery)
  @AnswersEnvelope(CompatWispRunsDto)
  @RequirePermission('running:own')
  list(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispRunsDto>> {
    return enveloped(this.runs.list(caller, query));
  }

  /** A run that is over, in figures; its route is saved next. */
  @Post()
  @TakesBody(newRunBody)
  @ApiIdempotencyKey()
  @AnswersEnvelope(CompatWispRunDto, 201)
  @RequirePermission('running:own')
  create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<Envelope<CompatWispRunDto>> {
    const made = this.writes.create(caller, request.body, idempotentRequest(request, ROUTE));
    return enveloped(made.then((outcome) => answerWith(response, outcome)));
  }

  /** Weeks begin on Monday, by the clock of the profile. */
  @Get('stats/summary')
  @AnswersEnvelope(CompatWispSummaryDto)
  @RequirePermission('running:own')
  summary(@Caller() caller: Principal): Promise<Envelope<CompatWispSummaryDto>> {
    return enveloped(this.stats.summary(caller));
  }

  @Get('stats/monthly')
  @TakesQuery(monthlyQuery)
  @AnswersEnvelope(CompatWispMonthsDto)
  @RequirePermission('running:own')
  monthly(
    @Caller() caller: Principal,
    @Query() query: Record<string, unknown>,
  ): Promise<Envelope<CompatWispMonthsDto>> {
    return enveloped(this.stats.monthly(caller, query));
  }

  @Get('personal-records')
  @AnswersEnvelope(CompatWispRecordsDto)
  @RequirePermission('running:own')
  records(@Caller() caller: Principal): Promise<Envelope<CompatWispRecordsDto>> {
    return enveloped(this.stats.records(caller));
  }

  /** One's own, or one that is shown to everybody. */
  @Get(':id')
  @AnswersEnvelope(CompatWispRunDetailsDto)
  @RequirePermission('running:own')
  details(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRunDetailsDto>> {
    return enveloped(this.runs.details(caller, id));
  }

  @Get(':id/route')
  @AnswersEnvelope(CompatWispRouteDto)
  @RequirePermission('running:own')
  route(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRouteDto>> {
    return enveloped(this.runs.route(caller, id, 'seconds'));
  }

  /** Title and description. */
  @Put(':id')
  @TakesBody(runChangeBody)
  @AnswersEnvelope(CompatWispRunDto)
  @RequirePermission('running:own')
  change(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRunDto>> {
    return enveloped(this.writes.change(caller, id, request.body));
  }

  @Delete(':id')
  @AnswersEnvelope(CompatWispGoneDto)
  @RequirePermission('running:own')
  remove(
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispGoneDto>> {
    return enveloped(this.writes.remove(caller, id));
  }

  /**
   * The places of a run that was told in figures, each with its time, at once or in portions. Figures and splits follow from them. Again is no
   * second time; another place at the time of one that is there is a conflict.
   */
  @Post(':id/route')
  @TakesBody(routeBody)
  @AnswersEnvelope(CompatWispRouteDto, 201)
  @RequirePermission('running:own')
  saveRoute(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id', ORIGINAL_ID) id: string,
  ): Promise<Envelope<CompatWispRouteDto>> {
    return enveloped(this.writes.saveRoute(caller, id, request.body));
  }
}
