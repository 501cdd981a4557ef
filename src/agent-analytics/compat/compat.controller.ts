import { All, Controller, Get, HttpCode, Param, Post, Query, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  CompatAgentChartsDto,
  CompatAgentDetailDto,
  CompatAgentsDto,
  CompatConversationDto,
  CompatDashboardDto,
  CompatSessionsDto,
  CompatStatsDto,
  CompatSyncStartedDto,
  CompatSyncStatusDto,
} from './compat.dto.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatCupidFilter } from './compat.filter.js';
import { NotFound, SessionsQuery, TimeRangeQuery } from './compat-docs.decorators.js';
import type { CompatQuery } from './compat-query.js';
import { CompatReads } from './compat-reads.service.js';
import { CompatSync } from './compat-sync.service.js';

const READ_ONLY = [
  'sessions',
  'sessions/stats',
  'sessions/:session_id/conversation',
  'agents',
  'agents/:agent_name',
  'agents/:agent_name/charts',
  'metrics/dashboard',
  'sync/status',
];

/** The API of the Cupid dashboard as its page knows it; what it answers otherwise than the original is told where it is worked out. */
@ApiTags('compat cupid')
@UseFilters(CompatCupidFilter)
@Controller('compat/cupid/api')
@CompatMount('cupid')
export class CompatCupidController {
  constructor(
    private readonly reads: CompatReads,
    private readonly sync: CompatSync,
  ) {}

  /** Sessions, newest first. */
  @Get('sessions')
  @SessionsQuery()
  @RequirePermission('agents:read')
  sessions(@Caller() caller: Principal, @Query() query: CompatQuery): Promise<CompatSessionsDto> {
    return this.reads.sessions(caller, query);
  }

  @Get('sessions/stats')
  @TimeRangeQuery()
  @RequirePermission('agents:read')
  stats(@Caller() caller: Principal, @Query() query: CompatQuery): Promise<CompatStatsDto> {
    return this.reads.stats(caller, query);
  }

  @Get('sessions/:session_id/conversation')
  @NotFound('There is no such session')
  @RequirePermission('agents:read')
  conversation(@Caller() caller: Principal, @Param('session_id') id: string): Promise<CompatConversationDto> {
    return this.reads.conversation(caller, id);
  }

  @Get('agents')
  @RequirePermission('agents:read')
  agents(@Caller() caller: Principal): Promise<CompatAgentsDto> {
    return this.reads.agents(caller);
  }

  @Get('agents/:agent_name')
  @NotFound('There is no such agent')
  @RequirePermission('agents:read')
  agent(@Caller() caller: Principal, @Param('agent_name') name: string): Promise<CompatAgentDetailDto> {
    return this.reads.agent(caller, name);
  }

  /** Of an agent that there is not, nothing. */
  @Get('agents/:agent_name/charts')
  @RequirePermission('agents:read')
  agentCharts(@Caller() caller: Principal, @Param('agent_name') name: string): Promise<CompatAgentChartsDto> {
    return this.reads.agentCharts(caller, name);
  }

  @Get('metrics/dashboard')
  @TimeRangeQuery()
  @RequirePermission('agents:read')
  dashboard(@Caller() caller: Principal, @Query() query: CompatQuery): Promise<CompatDashboardDto> {
    return this.reads.dashboard(caller, query);
  }

  @Get('sync/status')
  @RequirePermission('agents:read')
  status(@Caller() caller: Principal): Promise<CompatSyncStatusDto> {
    return this.sync.status(caller);
  }

  /** Has Langfuse read now; where that is being done already, nothing more. */
  @Post('sync/trigger')
  @HttpCode(200)
  @RequirePermission('agents:sync')
  trigger(@Caller() caller: Principal): Promise<CompatSyncStartedDto> {
    return this.sync.trigger(caller);
  }

  @All(READ_ONLY)
  @ApiExcludeEndpoint()
  @RequirePermission('agents:read')
  refuse(): never {
    throw methodNotAllowed('GET');
  }

  @All('sync/trigger')
  @ApiExcludeEndpoint()
  @RequirePermission('agents:read')
  refuseTrigger(): never {
    throw methodNotAllowed('POST');
  }
}
