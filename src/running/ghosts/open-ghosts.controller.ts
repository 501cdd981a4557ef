import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { toPage } from '../../platform/http/keyset.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import {
  GhostCurveDto,
  GhostCurveQueryDto,
  OpenGhostDto,
  OpenGhostsDto,
  PublicGhostsQueryDto,
  RecommendedGhostsDto,
} from './ghosts.dto.js';
import { publicFilterOf, toGhostCurveDto, toOpenGhostDto } from './ghosts.mapper.js';
import { OpenGhosts } from './open-ghosts.service.js';
import { RecommendedGhosts } from './recommended-ghosts.service.js';

@ApiTags('running')
@Controller('api/v1/running/ghosts')
export class OpenGhostsController {
  constructor(
    private readonly open: OpenGhosts,
    private readonly recommended: RecommendedGhosts,
  ) {}

  /** Ghosts that their owners let everybody race, newest first. Never of runs that came from another provider. */
  @Get('public')
  @RequirePermission('running:read')
  async listPublic(@Query() query: PublicGhostsQueryDto): Promise<OpenGhostsDto> {
    const rows = await this.open.listPublic(
      publicFilterOf(query),
      readIdCursor(query.cursor),
      query.limit + 1,
    );
    return toPage(rows, query.limit, ({ id }) => [id], toOpenGhostDto);
  }

  @Get('public/:id')
  @RequirePermission('running:read')
  async findPublic(@Param('id') id: string): Promise<OpenGhostDto> {
    return toOpenGhostDto(await this.open.findPublic(id));
  }

  /** Own and public ghosts worth racing next, the best first, each with the reason and how likely the caller beats it. */
  @Get('recommended')
  @RequirePermission('running:own')
  recommend(@Caller() caller: Principal): Promise<RecommendedGhostsDto> {
    return this.recommended.recommend(caller);
  }

  /** What a link shows. It is taken over by `POST ghosts` with its token. */
  @Get('shared/:token')
  @RequirePermission('running:read')
  async findShared(@Param('token') token: string): Promise<OpenGhostDto> {
    return toOpenGhostDto(await this.open.findByToken(token));
  }

  /** Where the ghost is when: of own ghosts, of public ones, and of those taken over. */
  @Get(':id/curve')
  @RequirePermission('running:own')
  async curve(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: GhostCurveQueryDto,
  ): Promise<GhostCurveDto> {
    const { curve, version } = await this.open.curve(caller.id, id);
    return toGhostCurveDto(curve, version, query.points);
  }
}
