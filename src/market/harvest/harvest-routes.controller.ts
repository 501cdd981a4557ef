import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { HarvestRouteDesk } from './harvest-route-desk.service.js';
import {
  HarvestRouteChangeDto,
  HarvestRouteDto,
  HarvestRoutesDto,
  HarvestRoutesQueryDto,
  NewHarvestRouteDto,
} from './harvest-routes.dto.js';

const ROUTE = 'POST /api/v1/market/games/:game/harvest-routes';

@ApiTags('market')
@Controller('api/v1/market/games/:game/harvest-routes')
export class HarvestRoutesController {
  constructor(private readonly routes: HarvestRouteDesk) {}

  /** The caller's own routes, or everybody's public ones. */
  @Get()
  @RequirePermission('market:own')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: HarvestRoutesQueryDto,
  ): Promise<HarvestRoutesDto> {
    return this.routes.list(caller, game, query);
  }

  /** One of the caller's own, or a public one. */
  @Get(':id')
  @RequirePermission('market:own')
  find(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
  ): Promise<HarvestRouteDto> {
    return this.routes.find(caller, game, id);
  }

  /** Keeps a route, at most 500 of an account. */
  @Post()
  @ApiIdempotencyKey()
  @HttpCode(201)
  @RequirePermission('market:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Body() body: NewHarvestRouteDto,
  ): Promise<HarvestRouteDto> {
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}`);
    return answerWith(response, await this.routes.create(caller, game, body, idempotent));
  }

  /** Changes what is given. */
  @Patch(':id')
  @RequirePermission('market:own')
  change(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('id') id: string,
    @Body() body: HarvestRouteChangeDto,
  ): Promise<HarvestRouteDto> {
    return this.routes.change(caller, game, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:own')
  remove(@Caller() caller: Principal, @Param('game') game: string, @Param('id') id: string): Promise<void> {
    return this.routes.remove(caller, game, id);
  }
}
