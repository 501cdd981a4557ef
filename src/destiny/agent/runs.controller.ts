import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ChatDesk } from './chat-desk.service.js';
import { ModelsDto, PersonasDto, RunDto } from './conversations.dto.js';

@ApiTags('destiny')
@Controller('api/v1/destiny')
export class AgentRunsController {
  constructor(private readonly desk: ChatDesk) {}

  /** How the answering of a message goes, or went. */
  @Get('runs/:id')
  @RequirePermission('destiny:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<RunDto> {
    return this.desk.findRun(caller, id);
  }

  /** What was worked out so far is stored as an answer of status `cancelled`. */
  @Post('runs/:id/cancel')
  @HttpCode(200)
  @RequirePermission('destiny:own')
  cancel(@Caller() caller: Principal, @Param('id') id: string): Promise<RunDto> {
    return this.desk.cancelRun(caller, id);
  }

  /** In whose voice the agent can speak; the first is the default. */
  @Get('personas')
  @RequirePermission('destiny:read')
  personas(): PersonasDto {
    return this.desk.personas();
  }

  /** Who answers: `rules` is always there. */
  @Get('models')
  @RequirePermission('destiny:read')
  models(): Promise<ModelsDto> {
    return this.desk.models();
  }
}
