import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { tagged } from '../../platform/http/tagged.js';
import { SeenTabletopVersion } from '../seen-version.decorator.js';
import {
  BattleMapChangeDto,
  BattleMapDto,
  BattleMapPageDto,
  ImportedBattleMapDto,
  MapPlanDto,
  UvttImportQueryDto,
} from './battle-maps.dto.js';
import { BattleMaps } from './battle-maps.service.js';
import { UvttImports } from './uvtt-imports.service.js';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class BattleMapsController {
  constructor(
    private readonly maps: BattleMaps,
    private readonly imports: UvttImports,
  ) {}

  /** Maps that the caller sees, by name. */
  @Get('campaigns/:c/maps')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<BattleMapPageDto> {
    return this.maps.list(caller, campaignId, query);
  }

  /**
   * Makes a map of a Universal VTT file (.dd2vtt, .uvtt, .df2vtt), up to 30 MiB, sent as bytes. Its picture says how large it is, whatever the file says;
   * what cannot be read of walls, doors and lights is left out and reported. By a game master.
   */
  @Post('campaigns/:c/maps/import/uvtt')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('tabletop:own')
  async import(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: UvttImportQueryDto,
  ): Promise<ImportedBattleMapDto> {
    return tagged(response, await this.imports.import(caller, campaignId, query, request));
  }

  @Get('maps/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<BattleMapDto> {
    return tagged(response, await this.maps.find(caller, id));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch('maps/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: BattleMapChangeDto,
  ): Promise<BattleMapDto> {
    return tagged(response, await this.maps.change(caller, id, seen, body));
  }

  /** By a game master; it can be restored. */
  @Delete('maps/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.maps.remove(caller, id, seen);
  }

  /** Walls, doors and lights of a map. For game masters: secret doors are among them. */
  @Get('maps/:id/plan')
  @RequirePermission('tabletop:own')
  plan(@Caller() caller: Principal, @Param('id') id: string): Promise<MapPlanDto> {
    return this.maps.plan(caller, id);
  }
}
