import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { FoundryScenes } from './foundry-scenes.service.js';
import {
  FoundrySceneDto,
  FoundrySceneImportDto,
  FoundrySceneReportDto,
  MapMarkerDto,
  MapMarkerPageDto,
  MarkerChangeDto,
  MarkersQueryDto,
  NewMarkerDto,
} from './map-markers.dto.js';
import { MapMarkers } from './map-markers.service.js';

const ROUTE = 'POST /api/v1/tabletop/maps/{id}/markers';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/maps/:id')
export class MapMarkersController {
  constructor(
    private readonly markers: MapMarkers,
    private readonly scenes: FoundryScenes,
  ) {}

  /** Pins and tokens on a map; hidden ones are told to game masters alone. */
  @Get('markers')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: MarkersQueryDto,
  ): Promise<MapMarkerPageDto> {
    return this.markers.list(caller, id, query);
  }

  /** Puts a pin or a token on a map, hidden unless said otherwise; up to 2,000. By a game master. */
  @Post('markers')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewMarkerDto,
  ): Promise<MapMarkerDto> {
    const outcome = await this.markers.create(caller, id, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /** Moves or changes one; with If-Match only when nobody has changed it since. By a game master. */
  @Patch('markers/:marker')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('marker') marker: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: MarkerChangeDto,
  ): Promise<MapMarkerDto> {
    return tagged(response, await this.markers.change(caller, id, marker, seen, body));
  }

  /** For good. By a game master. */
  @Delete('markers/:marker')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('marker') marker: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.markers.remove(caller, id, marker, seen);
  }

  /**
   * Takes the tokens of a Foundry scene over: each is the same by its id, new ones are added, and one that was changed on both sides is left and
   * reported. By a game master. Safe to repeat.
   */
  @Post('tokens/import/foundry')
  @HttpCode(200)
  @RequirePermission('tabletop:own')
  importScene(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: FoundrySceneImportDto,
  ): Promise<FoundrySceneReportDto> {
    return this.scenes.import(caller, id, body);
  }

  /** The map's tokens as a Foundry scene, with all that Foundry had kept of them. For game masters. */
  @Get('tokens/export/foundry')
  @RequirePermission('tabletop:own')
  exportScene(@Caller() caller: Principal, @Param('id') id: string): Promise<FoundrySceneDto> {
    return this.scenes.export(caller, id);
  }
}
