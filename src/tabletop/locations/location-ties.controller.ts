import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { LocationTieDto, LocationTiePageDto, NewLocationTieDto } from './location-ties.dto.js';
import { LocationTies } from './location-ties.service.js';

const ROUTE = 'POST /api/v1/tabletop/locations/{id}';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/locations/:id')
export class LocationTiesController {
  constructor(private readonly ties: LocationTies) {}

  /** Characters that are to be found here. */
  @Get('occupants')
  @RequirePermission('tabletop:own')
  occupants(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<LocationTiePageDto> {
    return this.ties.list(caller, id, 'occupants', query);
  }

  /** A character is to be found here. */
  @Post('occupants')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addOccupant(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewLocationTieDto,
  ): Promise<LocationTieDto> {
    const asked = idempotentRequest(request, `${ROUTE}/occupants`);
    return answerWith(response, await this.ties.create(caller, id, 'occupants', body, asked));
  }

  @Delete('occupants/:tie')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeOccupant(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('tie') tie: string,
  ): Promise<void> {
    return this.ties.remove(caller, id, 'occupants', tie);
  }

  /** Tables and encounters of what may be met here. */
  @Get('encounter-tables')
  @RequirePermission('tabletop:own')
  encounterTables(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<LocationTiePageDto> {
    return this.ties.list(caller, id, 'encounterTables', query);
  }

  /** By a game master. */
  @Post('encounter-tables')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addEncounterTable(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewLocationTieDto,
  ): Promise<LocationTieDto> {
    const asked = idempotentRequest(request, `${ROUTE}/encounter-tables`);
    return answerWith(response, await this.ties.create(caller, id, 'encounterTables', body, asked));
  }

  @Delete('encounter-tables/:tie')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeEncounterTable(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('tie') tie: string,
  ): Promise<void> {
    return this.ties.remove(caller, id, 'encounterTables', tie);
  }

  /** Sessions and characters that were here. */
  @Get('visits')
  @RequirePermission('tabletop:own')
  visits(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<LocationTiePageDto> {
    return this.ties.list(caller, id, 'visits', query);
  }

  /** A session or a character was here. */
  @Post('visits')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addVisit(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewLocationTieDto,
  ): Promise<LocationTieDto> {
    const asked = idempotentRequest(request, `${ROUTE}/visits`);
    return answerWith(response, await this.ties.create(caller, id, 'visits', body, asked));
  }

  @Delete('visits/:tie')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeVisit(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('tie') tie: string,
  ): Promise<void> {
    return this.ties.remove(caller, id, 'visits', tie);
  }
}
