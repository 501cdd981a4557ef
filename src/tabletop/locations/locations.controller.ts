import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import { LocationEnvironments } from './location-environments.service.js';
import {
  CampaignLocationDto,
  EffectiveEnvironmentDto,
  EnvironmentQueryDto,
  LocationChangeDto,
  LocationMoveDto,
} from './locations.dto.js';
import { LocationsService } from './locations.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/locations')
export class LocationsController {
  constructor(
    private readonly locations: LocationsService,
    private readonly environments: LocationEnvironments,
  ) {}

  /** A place with those around it. */
  @Get(':id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<CampaignLocationDto> {
    return tagged(response, await this.locations.find(caller, id));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: LocationChangeDto,
  ): Promise<CampaignLocationDto> {
    return tagged(response, await this.locations.change(caller, id, seen, body));
  }

  /** By a game master; it can be restored. What lies within it stands at the top until then. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.locations.remove(caller, id, seen);
  }

  /** Puts a place, with all that lies within it, into another one. Into itself, or into what lies in it, is refused. By a game master. */
  @Post(':id/move')
  @HttpCode(200)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async move(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: LocationMoveDto,
  ): Promise<CampaignLocationDto> {
    return tagged(response, await this.locations.move(caller, id, seen, body.parentId));
  }

  /** Weather, light, people, wealth ... of a place: its own, and what it inherits from the places around it that the caller sees. */
  @Get(':id/environment')
  @RequirePermission('tabletop:own')
  environment(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: EnvironmentQueryDto,
  ): Promise<EffectiveEnvironmentDto> {
    return this.environments.of(caller, id, query.sessionId);
  }
}
