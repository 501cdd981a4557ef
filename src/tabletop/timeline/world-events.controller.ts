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
import { AppearanceDto, AppearancePageDto, NewAppearanceDto } from '../sessions/appearances.dto.js';
import { Appearances } from '../sessions/appearances.service.js';
import {
  WorldEventChangeDto,
  WorldEventDto,
  WorldEventPageDto,
  NewWorldEventDto,
  WorldEventsQueryDto,
} from './world-events.dto.js';
import { WorldEvents } from './world-events.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/events';
const APPEAR = 'POST /api/v1/tabletop/events/{id}/appearances';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class WorldEventsController {
  constructor(
    private readonly events: WorldEvents,
    private readonly appearances: Appearances,
  ) {}

  /** Events that the caller sees, by name. */
  @Get('campaigns/:c/events')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: WorldEventsQueryDto,
  ): Promise<WorldEventPageDto> {
    return this.events.list(caller, campaignId, query);
  }

  /** Something that happened, happens or will happen in the world. By a game master. */
  @Post('campaigns/:c/events')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewWorldEventDto,
  ): Promise<WorldEventDto> {
    const outcome = await this.events.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  @Get('events/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<WorldEventDto> {
    return tagged(response, await this.events.find(caller, id));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch('events/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: WorldEventChangeDto,
  ): Promise<WorldEventDto> {
    return tagged(response, await this.events.change(caller, id, seen, body));
  }

  /** By a game master; it can be restored. */
  @Delete('events/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.events.remove(caller, id, seen);
  }

  /** Who and what took part in it, as far as the caller sees them. */
  @Get('events/:id/appearances')
  @RequirePermission('tabletop:own')
  listAppearances(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<AppearancePageDto> {
    return this.appearances.list(caller, 'event', id, query);
  }

  /** Somebody or something took part in it, each once. By a game master. */
  @Post('events/:id/appearances')
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
    return answerWith(response, await this.appearances.create(caller, 'event', id, body, asked));
  }

  @Delete('events/:id/appearances/:appearance')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeAppearance(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('appearance') appearance: string,
  ): Promise<void> {
    return this.appearances.remove(caller, 'event', id, appearance);
  }
}
