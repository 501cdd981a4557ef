import { Controller, Get, Param, Query, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import type { Envelope } from './compat-answer.js';
import { monthlyQuery, runsQuery } from './compat-bodies.js';
import { TakesQuery } from './compat-docs.decorator.js';
import { AnswersEnvelope, enveloped } from './compat-envelope.decorator.js';
import { CompatWispFilter } from './compat.filter.js';
import {
  CompatWispMonthsDto,
  CompatWispRecordsDto,
  CompatWispRouteDto,
  CompatWispRunDetailsDto,
  CompatWispRunsDto,
  CompatWispSummaryDto,
} from './compat-runs.dto.js';
import { CompatRuns } from './compat-runs.service.js';
import { CompatStats } from './compat-stats.service.js';

/** Runs by the contract of the original's documents. Weather comes with a later room. */
@ApiTags('compat wisp')
@UseFilters(CompatWispFilter)
@Controller('compat/wisp/api/v1/runs')
@CompatMount('wisp')
export class CompatRunsController {
  constructor(
    private readonly runs: CompatRuns,
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
  details(@Caller() caller: Principal, @Param('id') id: string): Promise<Envelope<CompatWispRunDetailsDto>> {
    return enveloped(this.runs.details(caller, id));
  }

  @Get(':id/route')
  @AnswersEnvelope(CompatWispRouteDto)
  @RequirePermission('running:own')
  route(@Caller() caller: Principal, @Param('id') id: string): Promise<Envelope<CompatWispRouteDto>> {
    return enveloped(this.runs.route(caller, id, 'seconds'));
  }
}
