import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { tagged } from '../../platform/http/tagged.js';
import { TravelPathDto, TravelPathQueryDto } from './location-edges.dto.js';
import {
  CampaignLocationDto,
  LocationPageDto,
  LocationsQueryDto,
  LocationTreeDto,
  LocationTreeQueryDto,
  NewLocationDto,
} from './locations.dto.js';
import { LocationsService } from './locations.service.js';
import { TravelPaths } from './travel-paths.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/locations';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/campaigns/:c/locations')
export class CampaignLocationsController {
  constructor(
    private readonly locations: LocationsService,
    private readonly paths: TravelPaths,
  ) {}

  /** Places that the caller sees, by name. */
  @Get()
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: LocationsQueryDto,
  ): Promise<LocationPageDto> {
    return this.locations.list(caller, campaignId, query);
  }

  /** A place of the world, within another one or at the top. By a game master. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewLocationDto,
  ): Promise<CampaignLocationDto> {
    const outcome = await this.locations.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** The places that the caller sees as a tree. One whose parent they do not see stands at the top of it. */
  @Get('tree')
  @RequirePermission('tabletop:own')
  tree(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: LocationTreeQueryDto,
  ): Promise<LocationTreeDto> {
    return this.locations.tree(caller, campaignId, query);
  }

  /** The shortest way from one place to another over the ways that the caller sees. */
  @Get('path')
  @RequirePermission('tabletop:own')
  path(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: TravelPathQueryDto,
  ): Promise<TravelPathDto> {
    return this.paths.find(caller, campaignId, query);
  }
}
