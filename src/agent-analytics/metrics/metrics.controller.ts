import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import {
  CostQueryDto,
  CostsDto,
  DashboardDto,
  MetricSeriesDto,
  MetricSeriesQueryDto,
  AgentSeriesDto,
  SeriesQueryDto,
} from './metrics.dto.js';
import { MetricsService } from './metrics.service.js';
import { SeriesService } from './series.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/metrics')
export class MetricsController {
  constructor(
    private readonly metrics: MetricsService,
    private readonly series: SeriesService,
  ) {}

  /** What there was in a range, in a few numbers: all of the traces that began in it. */
  @Get('dashboard')
  @RequirePermission('agents:read')
  dashboard(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<DashboardDto> {
    return this.metrics.dashboard(caller, query);
  }

  /** The same over time, without gaps, by the clocks of a zone. */
  @Get('timeseries')
  @RequirePermission('agents:read')
  timeseries(@Caller() caller: Principal, @Query() query: SeriesQueryDto): Promise<AgentSeriesDto> {
    return this.metrics.series(caller, query);
  }

  /** One metric over time, narrowed to an agent, a chapter, a pair: whatever an alert can wait for. */
  @Get('series')
  @RequirePermission('agents:read')
  metricSeries(@Caller() caller: Principal, @Query() query: MetricSeriesQueryDto): Promise<MetricSeriesDto> {
    return this.series.list(caller, query);
  }

  /** What a range cost, by one of several things. */
  @Get('cost')
  @RequirePermission('agents:read')
  costs(@Caller() caller: Principal, @Query() query: CostQueryDto): Promise<CostsDto> {
    return this.metrics.costs(caller, query);
  }
}
