import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { toPage } from '../../platform/http/keyset.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { SeenRunningVersion } from '../seen-version.decorator.js';
import { RaceEntries } from './race-entries.service.js';
import { RaceViews } from './race-views.service.js';
import {
  InvitedRaceDto,
  NewRaceDto,
  RaceChangeDto,
  RaceDto,
  RaceEntryDto,
  RaceInviteDto,
  RaceInviteWishDto,
  RacesDto,
  RaceStartDto,
} from './races.dto.js';
import { raceTagOf, toInvitedRaceDto, toRaceDto } from './races.mapper.js';
import { RacesService } from './races.service.js';

const ROUTE = 'POST /api/v1/running/races';

@ApiTags('running')
@Controller('api/v1/running/races')
export class RacesController {
  constructor(
    private readonly races: RacesService,
    private readonly entries: RaceEntries,
    private readonly views: RaceViews,
  ) {}

  /** Races that the caller made or takes part in, newest first. */
  @Get()
  @RequirePermission('running:own')
  async list(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<RacesDto> {
    const views = await this.views.list(caller, readIdCursor(query.cursor), query.limit + 1);
    return toPage(views, query.limit, ({ race }) => [race.id], toRaceDto);
  }

  /** A race against ghosts, alone or with others. Whoever makes it takes part in it. At most 100 that are not over. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('running:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewRaceDto,
  ): Promise<RaceDto> {
    return answerWith(response, await this.races.create(caller, body, idempotentRequest(request, ROUTE)));
  }

  /** What an invitation is for. */
  @Get('invited/:token')
  @RequirePermission('running:read')
  async invited(@Param('token') token: string): Promise<InvitedRaceDto> {
    return toInvitedRaceDto(await this.views.invited(token));
  }

  /** Takes part in a race by its invitation. Again is no second time. */
  @Post('invited/:token/join')
  @HttpCode(200)
  @RequirePermission('running:own')
  async enter(
    @Caller() caller: Principal,
    @Param('token') token: string,
    @Body() body: RaceEntryDto,
  ): Promise<RaceDto> {
    return toRaceDto(await this.entries.enter(caller, token, body.runnerName ?? null));
  }

  @Get(':id')
  @RequirePermission('running:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<RaceDto> {
    const view = await this.views.find(caller, id);
    response.setHeader('ETag', raceTagOf(view));
    return toRaceDto(view);
  }

  /** Changes what is given of an own race, or cancels it; with If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() version: number | undefined,
    @Body() body: RaceChangeDto,
  ): Promise<RaceDto> {
    const view = await this.races.change(caller, id, version, body);
    response.setHeader('ETag', raceTagOf(view));
    return toRaceDto(view);
  }

  /** Of an own race. Results that were settled stay with those whose they are. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  delete(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() version: number | undefined,
  ): Promise<void> {
    return this.races.delete(caller, id, version);
  }

  /**
   * The run that the caller races with: one that is being recorded, which is followed at `/ws/running`, or one that is over, which is judged a
   * moment later. Again with the same run is no second time.
   */
  @Post(':id/join')
  @HttpCode(200)
  @RequirePermission('running:own')
  async start(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: RaceStartDto,
  ): Promise<RaceDto> {
    return toRaceDto(await this.entries.start(caller, id, body.runId));
  }

  /** Takes part no more, with whatever run it was. */
  @Post(':id/leave')
  @HttpCode(204)
  @RequirePermission('running:own')
  leave(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.entries.leave(caller, id);
  }

  /** A token by which others see, watch and join an own group race until it ends; in place of the one before. */
  @Post(':id/invite')
  @RequirePermission('running:own')
  invite(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: RaceInviteWishDto,
  ): Promise<RaceInviteDto> {
    return this.entries.invite(caller, id, body.validForS);
  }

  /** Whoever has joined stays. */
  @Delete(':id/invite')
  @HttpCode(204)
  @RequirePermission('running:own')
  uninvite(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.entries.uninvite(caller, id);
  }
}
