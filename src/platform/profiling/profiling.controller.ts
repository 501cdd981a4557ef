import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../auth/route.decorators.js';
import {
  ErrorGroupsDto,
  ErrorsQueryDto,
  LogsQueryDto,
  PerformanceLogsDto,
  PeriodQueryDto,
  SlowestDto,
  SummaryDto,
  SummaryQueryDto,
  UsageDto,
  UsageQueryDto,
} from './profiling.dto.js';
import { ProfilingReadService } from './profiling-read.service.js';

@ApiTags('profiling')
@Controller('api/v1/admin/profiling')
export class ProfilingController {
  constructor(private readonly profiling: ProfilingReadService) {}

  /** Requests, jobs and slow alerts, newest first, page by page. Rows arrive here within two seconds. */
  @Get('logs')
  @RequirePermission('admin:read')
  logs(@Query() query: LogsQueryDto): Promise<PerformanceLogsDto> {
    return this.profiling.logs(query);
  }

  /** Count and percentiles of each operation of each endpoint. */
  @Get('summary')
  @RequirePermission('admin:read')
  summary(@Query() query: SummaryQueryDto): Promise<SummaryDto> {
    return this.profiling.summary(query);
  }

  /** The requests and jobs that took longest. */
  @Get('slowest')
  @RequirePermission('admin:read')
  slowest(@Query() query: PeriodQueryDto): Promise<SlowestDto> {
    return this.profiling.slowest(query);
  }

  /** Requests per route, per key or per account. */
  @Get('usage')
  @RequirePermission('admin:read')
  usage(@Query() query: UsageQueryDto): Promise<UsageDto> {
    return this.profiling.usage(query);
  }

  /** Unknown errors, one entry per fault. */
  @Get('errors')
  @RequirePermission('admin:read')
  errors(@Query() query: ErrorsQueryDto): Promise<ErrorGroupsDto> {
    return this.profiling.errors(query);
  }
}
