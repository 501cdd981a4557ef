import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import {
  AgentDetailDto,
  AgentErrorsDto,
  AgentsDto,
  ExecutionsDto,
  ExecutionsQueryDto,
} from './agents.dto.js';
import { AgentsService } from './agents.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/agents')
export class AgentsController {
  constructor(private readonly agents: AgentsService) {}

  /** Agents that ran in the range. */
  @Get()
  @RequirePermission('agents:read')
  list(@Caller() caller: Principal, @Query() query: RecentRangeQueryDto): Promise<AgentsDto> {
    return this.agents.list(caller, query);
  }

  /** One of them, with the models that it used. */
  @Get(':name')
  @RequirePermission('agents:read')
  find(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Query() query: RecentRangeQueryDto,
  ): Promise<AgentDetailDto> {
    return this.agents.find(caller, name, query);
  }

  /** What went wrong in its runs, by kind of fault. */
  @Get(':name/errors')
  @RequirePermission('agents:read')
  errors(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Query() query: RecentRangeQueryDto,
  ): Promise<AgentErrorsDto> {
    return this.agents.errors(caller, name, query);
  }

  /** Its runs, newest first. */
  @Get(':name/executions')
  @RequirePermission('agents:read')
  executions(
    @Caller() caller: Principal,
    @Param('name') name: string,
    @Query() query: ExecutionsQueryDto,
  ): Promise<ExecutionsDto> {
    return this.agents.executions(caller, name, query);
  }
}
