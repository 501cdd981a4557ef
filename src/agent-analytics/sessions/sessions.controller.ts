import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ProjectQueryDto } from '../range-query.dto.js';
import { SessionDetailDto, AgentSessionsDto, SessionsQueryDto, TranscriptDto } from './sessions.dto.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  /** Sessions, newest first. */
  @Get()
  @RequirePermission('agents:read')
  list(@Caller() caller: Principal, @Query() query: SessionsQueryDto): Promise<AgentSessionsDto> {
    return this.sessions.list(caller, query);
  }

  /** One session with its traces. */
  @Get(':id')
  @RequirePermission('agents:read')
  find(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
  ): Promise<SessionDetailDto> {
    return this.sessions.find(caller, id, query.project);
  }

  /** What was done, said and offered, turn by turn, each thing once. */
  @Get(':id/transcript')
  @RequirePermission('agents:read')
  transcript(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
  ): Promise<TranscriptDto> {
    return this.sessions.transcript(caller, id, query.project);
  }
}
