import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { AlertChangeDto, AlertDto, AlertsDto, AlertsQueryDto, NewAlertDto } from './alerts.dto.js';
import { AlertsService } from './alerts.service.js';

const ROUTE = 'POST /api/v1/market/alerts';

@ApiTags('market')
@Controller('api/v1/market/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  /** The account's own alerts, newest first. */
  @Get()
  @RequirePermission('market:own')
  list(@Caller() caller: Principal, @Query() query: AlertsQueryDto): Promise<AlertsDto> {
    return this.alerts.list(caller, query);
  }

  /**
   * Waits for a rule of the scanner on a server, at most 50 per account. What it holds for now fires within seconds, what it holds
   * for later within seconds of its price; notifications of the topic `market.alert` say so. For accounts: a service token, which is told
   * nothing, gets 403.
   */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('market:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewAlertDto,
  ): Promise<AlertDto> {
    const idempotent = idempotentRequest(request, ROUTE);
    return answerWith(response, await this.alerts.create(caller, body, idempotent));
  }

  @Get(':id')
  @RequirePermission('market:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<AlertDto> {
    return this.alerts.find(caller, id);
  }

  /** Another rule is asked at once, as if nothing had fired. */
  @Patch(':id')
  @RequirePermission('market:own')
  change(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: AlertChangeDto,
  ): Promise<AlertDto> {
    return this.alerts.change(caller, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:own')
  delete(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.alerts.delete(caller, id);
  }
}
