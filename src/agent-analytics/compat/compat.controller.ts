import { All, Controller, Get, HttpCode, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../platform/http/conditional.js';
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

/**
 * The API of the Cupid dashboard as its page knows it; what it answers otherwise than the original is told where it is worked out. Figures
 * of all time are answered 304 while no rebuild has changed any.
 */
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
  @ApiOkResponse({ type: CompatSessionsDto })
  @SessionsQuery()
  @RequirePermission('agents:read')
  sessions(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: CompatQuery,
  ): Promise<CompatSessionsDto | typeof NOT_MODIFIED> {
    const version = (): Promise<string | null> => this.reads.sessionsVersion(caller, query);
    return versioned(request, response, version, () => this.reads.sessions(caller, query));
  }

  @Get('sessions/stats')
  @ApiOkResponse({ type: CompatStatsDto })
  @TimeRangeQuery()
  @RequirePermission('agents:read')
  stats(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: CompatQuery,
  ): Promise<CompatStatsDto | typeof NOT_MODIFIED> {
    const version = (): Promise<string | null> => this.reads.rangeVersion(caller, query);
    return versioned(request, response, version, () => this.reads.stats(caller, query));
  }

  @Get('sessions/:session_id/conversation')
  @NotFound('There is no such session')
  @RequirePermission('agents:read')
  conversation(@Caller() caller: Principal, @Param('session_id') id: string): Promise<CompatConversationDto> {
    return this.reads.conversation(caller, id);
  }

  @Get('agents')
  @ApiOkResponse({ type: CompatAgentsDto })
  @RequirePermission('agents:read')
  agents(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CompatAgentsDto | typeof NOT_MODIFIED> {
    const version = (): Promise<string> => this.reads.version(caller);
    return versioned(request, response, version, () => this.reads.agents(caller));
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
  @ApiOkResponse({ type: CompatDashboardDto })
  @TimeRangeQuery()
  @RequirePermission('agents:read')
  dashboard(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() query: CompatQuery,
  ): Promise<CompatDashboardDto | typeof NOT_MODIFIED> {
    const version = (): Promise<string | null> => this.reads.rangeVersion(caller, query);
    return versioned(request, response, version, () => this.reads.dashboard(caller, query));
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

/** What is made of figures alone, and of all time, is the same until a rebuild has changed some. @param readVersion null = has none */
async function versioned<T>(
  request: Request,
  response: Response,
  readVersion: () => Promise<string | null>,
  load: () => Promise<T>,
): Promise<T | typeof NOT_MODIFIED> {
  const version = await readVersion();
  return version === null ? load() : conditional(request, response, `W/"${version}"`, load);
}
