import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
} from '@nestjs/common';
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
import {
  CampaignPlotDto,
  NewPlotDependencyDto,
  NewPlotDto,
  PlotChangeDto,
  PlotDependenciesDto,
  PlotDependencyDto,
  PlotPageDto,
  PlotProgressDto,
  PlotsQueryDto,
  RemindersQueryDto,
  StoryRemindersDto,
} from './plots.dto.js';
import { PlotsService } from './plots.service.js';
import { StoryReminders } from './story-reminders.service.js';

const ROUTE = 'POST /api/v1/tabletop/campaigns/{c}/plots';
const DEPEND = 'POST /api/v1/tabletop/plots/{id}/dependencies';

@ApiTags('tabletop')
@Controller('api/v1/tabletop')
export class PlotsController {
  constructor(
    private readonly plots: PlotsService,
    private readonly reminders: StoryReminders,
  ) {}

  /** Threads of the story that the caller sees, by name. */
  @Get('campaigns/:c/plots')
  @RequirePermission('tabletop:own')
  list(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: PlotsQueryDto,
  ): Promise<PlotPageDto> {
    return this.plots.list(caller, campaignId, query);
  }

  /** A thread of the story. By a game master. */
  @Post('campaigns/:c/plots')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Body() body: NewPlotDto,
  ): Promise<CampaignPlotDto> {
    const outcome = await this.plots.create(caller, campaignId, body, idempotentRequest(request, ROUTE));
    return tagged(response, answerWith(response, outcome));
  }

  /**
   * What to think of before the next session: hooks that nobody took up, pay-offs and milestones that are due, quiet threads, those that could begin,
   * events whose day is near. Of what the caller sees.
   */
  @Get('campaigns/:c/reminders')
  @RequirePermission('tabletop:own')
  remind(
    @Caller() caller: Principal,
    @Param('c') campaignId: string,
    @Query() query: RemindersQueryDto,
  ): Promise<StoryRemindersDto> {
    return this.reminders.list(caller, campaignId, query);
  }

  @Get('plots/:id')
  @RequirePermission('tabletop:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<CampaignPlotDto> {
    return tagged(response, await this.plots.find(caller, id));
  }

  /** Changes what is given; with If-Match only when nobody has changed it since. */
  @Patch('plots/:id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: PlotChangeDto,
  ): Promise<CampaignPlotDto> {
    return tagged(response, await this.plots.change(caller, id, seen, body));
  }

  /** By a game master; it can be restored. */
  @Delete('plots/:id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
  ): Promise<void> {
    return this.plots.remove(caller, id, seen);
  }

  /** How far a thread is, and in which session it moved. By a game master. */
  @Put('plots/:id/progress')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('tabletop:own')
  async progress(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenTabletopVersion() seen: number | undefined,
    @Body() body: PlotProgressDto,
  ): Promise<CampaignPlotDto> {
    return tagged(response, await this.plots.progress(caller, id, seen, body));
  }

  /** What a thread waits for, as far as the caller sees it. */
  @Get('plots/:id/dependencies')
  @RequirePermission('tabletop:own')
  dependencies(@Caller() caller: Principal, @Param('id') id: string): Promise<PlotDependenciesDto> {
    return this.plots.dependencies(caller, id);
  }

  /** A thread waits for another one. One that would wait for itself, over however many others, is refused. By a game master. */
  @Post('plots/:id/dependencies')
  @ApiIdempotencyKey()
  @RequirePermission('tabletop:own')
  async addDependency(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() body: NewPlotDependencyDto,
  ): Promise<PlotDependencyDto> {
    const asked = idempotentRequest(request, DEPEND);
    return answerWith(response, await this.plots.addDependency(caller, id, body.plotId, asked));
  }

  @Delete('plots/:id/dependencies/:dependency')
  @HttpCode(204)
  @RequirePermission('tabletop:own')
  removeDependency(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Param('dependency') dependency: string,
  ): Promise<void> {
    return this.plots.removeDependency(caller, id, dependency);
  }
}
