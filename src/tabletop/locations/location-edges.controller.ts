import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  LocationEdgeChangeDto,
  LocationEdgeDto,
  LocationEdgePageDto,
  NewLocationEdgeDto,
} from './location-edges.dto.js';
import { LocationEdges } from './location-edges.service.js';

const ROUTE = 'POST /api/v1/tabletop/locations/{id}/edges';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class LocationEdgesController {
  constructor(private readonly edges: LocationEdges) {}

  /** Ways from and to a place, of which the caller sees both ends. */
  @Get('locations/:id/edges')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<LocationEdgePageDto> {
    return this.edges.list(caller, id, query);
  }

  /** A way from a place to another one. By a game master. */
  @Post('locations/:id/edges')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewLocationEdgeDto,
  ): Promise<LocationEdgeDto> {
    const outcome = await this.edges.create(caller, id, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch('edges/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: LocationEdgeChangeDto,
  ): Promise<LocationEdgeDto> {
    return tagged(response, await this.edges.change(caller, id, seen, body));
  }

  @Delete('edges/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.edges.remove(caller, id, seen);
  }
}
