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
  HookChangeDto,
  HookDto,
  HookPageDto,
  MilestoneChangeDto,
  MilestoneDto,
  MilestonePageDto,
  NewHookDto,
  NewMilestoneDto,
} from './plot-beats.dto.js';
import { PlotBeats } from './plot-beats.service.js';
import { toHookDto, toMilestoneDto } from './plots.mapper.js';

const ROUTE = 'POST /api/v1/tabletop/plots/{id}';

@ApiTags('tabletop')
@Controller('api/v1/tabletop/plots/:id')
export class PlotBeatsController {
  constructor(private readonly beats: PlotBeats) {}

  /** Milestones of a thread that the caller sees. */
  @Get('milestones')
  @RequirePermission('tabletop:own')
  listMilestones(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<MilestonePageDto> {
    return this.beats.list(caller, id, 'milestone', query, toMilestoneDto);
  }

  /** A milestone of a thread. By a game master. */
  @Post('milestones')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async createMilestone(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewMilestoneDto,
  ): Promise<MilestoneDto> {
    const asked = idempotentRequest(request, `${ROUTE}/milestones`);
    const outcome = await this.beats.create(caller, id, 'milestone', body, asked, toMilestoneDto);
    return tagged(response, answerWith(response, outcome));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. By a game master. */
  @Patch('milestones/:beat')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async changeMilestone(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('beat') beat: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: MilestoneChangeDto,
  ): Promise<MilestoneDto> {
    return tagged(
      response,
      await this.beats.change(caller, id, 'milestone', beat, seen, body, toMilestoneDto),
    );
  }

  /** For good. By a game master. */
  @Delete('milestones/:beat')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  removeMilestone(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('beat') beat: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.beats.remove(caller, id, 'milestone', beat, seen);
  }

  /** Hooks that foreshadow a thread: where they were planted, when they are to pay off, who has found them. For game masters. */
  @Get('foreshadowing')
  @RequirePermission('tabletop:own')
  listHooks(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: PageQueryDto,
  ): Promise<HookPageDto> {
    return this.beats.list(caller, id, 'hook', query, toHookDto);
  }

  /** A hook. By a game master; nobody else ever sees it. */
  @Post('foreshadowing')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async createHook(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewHookDto,
  ): Promise<HookDto> {
    const asked = idempotentRequest(request, `${ROUTE}/foreshadowing`);
    const outcome = await this.beats.create(caller, id, 'hook', body, asked, toHookDto);
    return tagged(response, answerWith(response, outcome));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. By a game master. */
  @Patch('foreshadowing/:beat')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async changeHook(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('beat') beat: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: HookChangeDto,
  ): Promise<HookDto> {
    return tagged(response, await this.beats.change(caller, id, 'hook', beat, seen, body, toHookDto));
  }

  /** For good. By a game master. */
  @Delete('foreshadowing/:beat')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  removeHook(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('beat') beat: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.beats.remove(caller, id, 'hook', beat, seen);
  }
}
