import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { etagOf } from '../../platform/http/if-match.js';
import { toPage } from '../../platform/http/keyset.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { SeenRunningVersion } from '../seen-version.decorator.js';
import { GhostDto, GhostLinkDto, GhostsDto, GhostsQueryDto } from './ghosts.dto.js';
import { toGhostDto } from './ghosts.mapper.js';
import { ComposedGhostDto, GhostChangeDto, GhostLinkWishDto, NewGhostDto } from './new-ghost.dto.js';
import { GhostSharing } from './ghost-sharing.service.js';
import { GhostsService } from './ghosts.service.js';

const ROUTE = 'POST /api/v1/running/ghosts';
const COMPOSE = 'POST /api/v1/running/ghosts/compose';

@ApiTags('running')
@Controller('api/v1/running/ghosts')
export class GhostsController {
  constructor(
    private readonly ghosts: GhostsService,
    private readonly sharing: GhostSharing,
  ) {}

  /** The account's own ghosts, newest first. */
  @Get()
  @RequirePermission('running:own')
  async list(@Caller() caller: Principal, @Query() query: GhostsQueryDto): Promise<GhostsDto> {
    const filter = { type: query.type ?? null, isActive: query.isActive ?? null };
    const rows = await this.ghosts.list(caller, filter, readIdCursor(query.cursor), query.limit + 1);
    return toPage(rows, query.limit, ({ id }) => [id], toGhostDto);
  }

  /**
   * Makes a ghost of a run, a record or a goal, or takes somebody else's over. Its curve is there at once, or, of very long runs, a moment
   * later (`curveState`). At most 200 per account.
   */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('running:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewGhostDto,
  ): Promise<GhostDto> {
    return answerWith(response, await this.ghosts.create(caller, body, idempotentRequest(request, ROUTE)));
  }

  /**
   * Makes the ghost of the best sections of own runs on one route: on each section, whoever of them was fastest there. Its curve is there at
   * once, or, of more than half an hour of runs, a moment later (`curveState`).
   */
  @Post('compose')
  @ApiIdempotencyKey()
  @RequirePermission('running:own')
  async compose(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: ComposedGhostDto,
  ): Promise<GhostDto> {
    return answerWith(response, await this.ghosts.compose(caller, body, idempotentRequest(request, COMPOSE)));
  }

  /** An own ghost. */
  @Get(':id')
  @RequirePermission('running:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<GhostDto> {
    const row = await this.ghosts.find(caller, id);
    response.setHeader('ETag', etagOf(row.version));
    return toGhostDto(row);
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() version: number | undefined,
    @Body() body: GhostChangeDto,
  ): Promise<GhostDto> {
    const row = await this.ghosts.change(caller, id, version, body);
    response.setHeader('ETag', etagOf(row.version));
    return toGhostDto(row);
  }

  /** Results against it stay. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  delete(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() version: number | undefined,
  ): Promise<void> {
    return this.ghosts.delete(caller, id, version);
  }

  /**
   * Makes a link by which whoever knows it may see and race the ghost until it ends. It takes the place of the one before, and who has taken
   * the ghost over by that one has it no more.
   */
  @Post(':id/link')
  @RequirePermission('running:own')
  createLink(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: GhostLinkWishDto,
  ): Promise<GhostLinkDto> {
    return this.sharing.createLink(caller, id, body.validForS);
  }

  /** The link is dead at once, and what was taken over by it. */
  @Delete(':id/link')
  @HttpCode(204)
  @RequirePermission('running:own')
  revokeLink(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.sharing.revokeLink(caller, id);
  }
}
