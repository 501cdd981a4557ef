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
import { SeenRunningVersion } from '../seen-version.decorator.js';
import { RunLists } from './run-lists.service.js';
import {
  NewRunDto,
  RunChangeDto,
  RunChangesDto,
  RunChangesQueryDto,
  RunnerRunDto,
  RunPageDto,
  RunsQueryDto,
} from './runs.dto.js';
import { RunRemovals } from './run-removals.service.js';
import { toRunDto } from './runs.mapper.js';
import { RunsService } from './runs.service.js';
import { VisibleRuns } from './visible-runs.service.js';

const ROUTE = 'POST /api/v1/running/runs';

@ApiTags('running')
@Controller('api/v1/running/runs')
export class RunsController {
  constructor(
    private readonly runs: RunsService,
    private readonly lists: RunLists,
    private readonly visible: VisibleRuns,
    private readonly removals: RunRemovals,
  ) {}

  /**
   * Begins a run, to which fixes are sent then; with `totals` it is over at once and has no track. Sent again with the same id, it answers
   * the run that there is.
   */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('running:own')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Body() body: NewRunDto,
  ): Promise<RunnerRunDto> {
    const run = answerWith(response, await this.runs.create(caller, body, idempotentRequest(request, ROUTE)));
    return tagged(response, run);
  }

  /** The caller's own, by default newest first. A list by distance has runs without one as if it were 0. */
  @Get()
  @RequirePermission('running:own')
  list(@Caller() caller: Principal, @Query() query: RunsQueryDto): Promise<RunPageDto> {
    return this.lists.own(caller, query);
  }

  /** What has changed among the caller's own since the last call, deleted runs included; 410 after 30 days. */
  @Get('changes')
  @RequirePermission('running:own')
  changes(@Caller() caller: Principal, @Query() query: RunChangesQueryDto): Promise<RunChangesDto> {
    return this.lists.changes(caller, query);
  }

  /** One's own, or one that somebody shows to everybody. */
  @Get(':id')
  @RequirePermission('running:read')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<RunnerRunDto> {
    return tagged(response, toRunDto(await this.visible.find(caller, id), caller.id, new Date()));
  }

  /** With If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async change(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RunChangeDto,
  ): Promise<RunnerRunDto> {
    return tagged(response, await this.runs.change(caller, id, body, seen));
  }

  /** With everything that hangs on it. With If-Match only when nobody has changed it since. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  remove(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
  ): Promise<void> {
    return this.removals.remove(caller, id, seen);
  }
}

function tagged(response: Response, run: RunnerRunDto): RunnerRunDto {
  response.setHeader('ETag', etagOf(run.version));
  return run;
}
