import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RunAnalysisDto, RunBestEffortsDto, RunSplitsDto, SplitsQueryDto } from './run-analyses.dto.js';
import { RunAnalyses } from './run-analyses.service.js';

@ApiTags('running')
@Controller('api/v1/running/runs/:id')
export class RunAnalysesController {
  constructor(private readonly analyses: RunAnalyses) {}

  /** What follows from the run's track: pace on level ground, drift of the heart rate, stride. */
  @Get('analysis')
  @RequirePermission('running:own')
  analysis(@Caller() caller: Principal, @Param('id') id: string): Promise<RunAnalysisDto> {
    return this.analyses.analysis(caller, id);
  }

  /** The run in kilometres or miles, marks found between points. */
  @Get('splits')
  @RequirePermission('running:own')
  splits(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: SplitsQueryDto,
  ): Promise<RunSplitsDto> {
    return this.analyses.splits(caller, id, query.unit);
  }

  /** The fastest stretches of the usual lengths within the run. */
  @Get('best-efforts')
  @RequirePermission('running:own')
  bestEfforts(@Caller() caller: Principal, @Param('id') id: string): Promise<RunBestEffortsDto> {
    return this.analyses.bestEfforts(caller, id);
  }
}
