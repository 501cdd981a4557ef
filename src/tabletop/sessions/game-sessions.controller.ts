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
import { AppearanceDto, AppearancePageDto, NewAppearanceDto } from './appearances.dto.js';
import { Appearances } from './appearances.service.js';
import {
  GameSessionChangeDto,
  GameSessionDto,
  GameSessionPageDto,
  NewGameSessionDto,
} from './game-sessions.dto.js';
import { GameSessions } from './game-sessions.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/sessions';
const APPEAR = 'POST /api/v1/tabletop/sessions/{id}/appearances';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class GameSessionsController {
  constructor(
    private readonly sessions: GameSessions,
    private readonly appearances: Appearances,
  ) {}

  /** Sessions that the caller sees, the newest first. */
  @Get('campaigns/:c/sessions')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PageQueryDto,
  ): Promise<GameSessionPageDto> {
    return this.sessions.list(caller, campaignId, query);
  }

  /** The record of a session, held or planned. By a game master. */
  @Post('campaigns/:c/sessions')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewGameSessionDto,
  ): Promise<GameSessionDto> {
    const outcome = await this.sessions.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  @Get('sessions/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<GameSessionDto> {
    return tagged(response, await this.sessions.find(caller, id));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch('sessions/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: GameSessionChangeDto,
  ): Promise<GameSessionDto> {
    return tagged(response, await this.sessions.change(caller, id, seen, body));
  }

  /** By a game master; it can be restored. */
  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.sessions.remove(caller, id, seen);
  }

  /** Who and what appeared in it, as far as the caller sees them. */
  @Get('sessions/:id/appearances')
  @RequirePermission('tabletop:own')
  listAppearances(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<AppearancePageDto> {
    return this.appearances.list(caller, 'session', id, query);
  }

  /** Somebody or something appeared in it, each once. By a game master. */
  @Post('sessions/:id/appearances')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addAppearance(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewAppearanceDto,
  ): Promise<AppearanceDto> {
    const asked = idempotentRequest(request, APPEAR);
    return answerWith(response, await this.appearances.create(caller, 'session', id, body, asked));
  }

  @Delete('sessions/:id/appearances/:appearance')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeAppearance(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('appearance') appearance: string,
  ): Promise<void> {
    return this.appearances.remove(caller, 'session', id, appearance);
  }
}
