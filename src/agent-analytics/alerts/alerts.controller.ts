import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { AgentAlertPreview } from './alert-preview.service.js';
import {
  AgentAlertChangeDto,
  AgentAlertDto,
  AgentAlertPreviewDto,
  AgentAlertPreviewQueryDto,
  AgentAlertsDto,
  AgentAlertsQueryDto,
  NewAgentAlertDto,
} from './alerts.dto.js';
import { AgentAlertsService } from './alerts.service.js';

const ROUTE = 'POST /api/v1/agent-analytics/alerts';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/alerts')
export class AgentAlertsController {
  constructor(
    private readonly alerts: AgentAlertsService,
    private readonly previews: AgentAlertPreview,
  ) {}

  /** The account's own alerts, newest first. */
  @Get()
  @RequirePermission('agents:own')
  list(@Caller() caller: Principal, @Query() query: AgentAlertsQueryDto): Promise<AgentAlertsDto> {
    return this.alerts.list(caller, query);
  }

  /**
   * Waits for a metric, at most 50 per account. It is judged within seconds, and again after each run that has read Langfuse to the end;
   * notifications of the topic `agent-analytics.alert` say when it fires. The same rows make it fire once, however late they come or
   * often they are corrected.
   */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('agents:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewAgentAlertDto,
  ): Promise<AgentAlertDto> {
    const idempotent = idempotentRequest(request, ROUTE);
    return answerWith(response, await this.alerts.create(caller, body, idempotent));
  }

  /** When a rule would have fired in the last 30 of its windows. */
  @Post('preview')
  @HttpCode(200)
  @RequirePermission('agents:read')
  preview(
    @Caller() caller: Principal,
    @Body() body: AgentAlertPreviewQueryDto,
  ): Promise<AgentAlertPreviewDto> {
    return this.previews.preview(caller, body);
  }

  @Get(':id')
  @RequirePermission('agents:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<AgentAlertDto> {
    return this.alerts.find(caller, id);
  }

  /** Another rule is judged at once, as if nothing had fired. */
  @Patch(':id')
  @RequirePermission('agents:own')
  change(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: AgentAlertChangeDto,
  ): Promise<AgentAlertDto> {
    return this.alerts.change(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('agents:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.alerts.delete(caller, id);
  }
}
