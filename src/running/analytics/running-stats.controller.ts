import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  MonthlyStatsDto,
  MonthlyStatsQueryDto,
  RecordsQueryDto,
  RunRecordsDto,
  StatsSummaryDto,
  StatsSummaryQueryDto,
} from './running-stats.dto.js';
import { RunningStats } from './running-stats.service.js';

@ApiTags('running')
@Controller('api/v1/running')
export class RunningStatsController {
  constructor(private readonly stats: RunningStats) {}

  /** Sums over a week, a month, a year or all time. */
  @Get('stats/summary')
  @RequirePermission('running:own')
  summary(@Caller() caller: Principal, @Query() query: StatsSummaryQueryDto): Promise<StatsSummaryDto> {
    return this.stats.summary(caller, query);
  }

  /** The same month by month. */
  @Get('stats/monthly')
  @RequirePermission('running:own')
  monthly(@Caller() caller: Principal, @Query() query: MonthlyStatsQueryDto): Promise<MonthlyStatsDto> {
    return this.stats.monthly(caller, query);
  }

  /** The best of all time or of a year, each with the run that it is from. */
  @Get('records')
  @RequirePermission('running:own')
  records(@Caller() caller: Principal, @Query() query: RecordsQueryDto): Promise<RunRecordsDto> {
    return this.stats.records(caller, query.year);
  }
}
