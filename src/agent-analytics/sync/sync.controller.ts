import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  NewSyncRunDto,
  SyncCheckDto,
  SyncGapsDto,
  SyncGapsQueryDto,
  SyncRunDetailDto,
  SyncRunDto,
  SyncRunsDto,
  SyncRunsQueryDto,
  SyncRunStartedDto,
  SyncSourcesDto,
  SyncWatermarksDto,
} from './sync.dto.js';
import { SyncRuns } from './sync-runs.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/sync')
export class SyncController {
  constructor(private readonly runs: SyncRuns) {}

  /** The projects of Langfuse that are copied, and how that goes. */
  @Get('sources')
  @RequirePermission('agents:read')
  sources(@Caller() caller: Principal): Promise<SyncSourcesDto> {
    return this.runs.sources(caller);
  }

  /** Asks Langfuse whether keys and address are right. */
  @Get('sources/:id/check')
  @RequirePermission('agents:sync')
  check(@Param('id') id: string): Promise<SyncCheckDto> {
    return this.runs.check(id);
  }

  /** Runs of the last 30 days, newest first. */
  @Get('runs')
  @RequirePermission('agents:read')
  list(@Caller() caller: Principal, @Query() query: SyncRunsQueryDto): Promise<SyncRunsDto> {
    return this.runs.list(caller, query);
  }

  /** One run with what it has read of each stream. */
  @Get('runs/:id')
  @RequirePermission('agents:read')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<SyncRunDetailDto> {
    return this.runs.find(caller, id);
  }

  /** Starts a run; where one of its kind and range is active, that one serves. */
  @Post('runs')
  @HttpCode(200)
  @RequirePermission('agents:sync')
  start(@Caller() caller: Principal, @Body() body: NewSyncRunDto): Promise<SyncRunStartedDto> {
    return this.runs.start(caller, body);
  }

  /** Stops an active run after its page; what it has read stays. */
  @Post('runs/:id/cancel')
  @HttpCode(200)
  @RequirePermission('agents:sync')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<SyncRunDto> {
    return this.runs.cancel(caller, id);
  }

  /** How far each stream has been read. */
  @Get('watermarks')
  @RequirePermission('agents:read')
  watermarks(@Caller() caller: Principal): Promise<SyncWatermarksDto> {
    return this.runs.watermarks(caller);
  }

  /** Windows in which Langfuse had another number of rows than the copy. */
  @Get('gaps')
  @RequirePermission('agents:read')
  gaps(@Caller() caller: Principal, @Query() query: SyncGapsQueryDto): Promise<SyncGapsDto> {
    return this.runs.gaps(caller, query);
  }
}
