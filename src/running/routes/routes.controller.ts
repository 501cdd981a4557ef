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
import { etagOf } from '../../platform/http/if-match.js';
import { toPage } from '../../platform/http/keyset.js';
import { SeenRunningVersion } from '../seen-version.decorator.js';
import { readInstantCursor } from './route-cursor.reader.js';
import { RouteMerges } from './route-merges.service.js';
import { RouteRedraws } from './route-redraws.service.js';
import {
  RouteChangeDto,
  RouteDetailDto,
  RouteDto,
  RouteMergeDto,
  RouteProgressDto,
  RouteRedrawDto,
  RouteRunsDto,
  RouteRunsQueryDto,
  RoutesDto,
  RoutesQueryDto,
  RouteVersionsDto,
} from './routes.dto.js';
import {
  toRouteDetailDto,
  toRouteDto,
  toRouteProgressDto,
  toRouteRunDto,
  toRouteVersionDto,
} from './routes.mapper.js';
import { RoutesService } from './routes.service.js';

@ApiTags('running')
@Controller('api/v1/running/routes')
export class RoutesController {
  constructor(
    private readonly routes: RoutesService,
    private readonly merges: RouteMerges,
    private readonly redraws: RouteRedraws,
  ) {}

  /** The account's routes, those run last first. They are made by matching its runs. */
  @Get()
  @RequirePermission('running:own')
  async list(@Caller() caller: Principal, @Query() query: RoutesQueryDto): Promise<RoutesDto> {
    const { kind = null, minDistanceM = null, maxDistanceM = null, limit } = query;
    const filter = { kind, minDistanceM, maxDistanceM };
    const rows = await this.routes.list(caller, filter, readInstantCursor(query.cursor), limit + 1);
    return toPage(
      rows,
      limit,
      ({ lastRunAt, createdAt, id }) => [(lastRunAt ?? createdAt).toISOString(), id],
      toRouteDto,
    );
  }

  /** A route with its way. */
  @Get(':id')
  @RequirePermission('running:own')
  async find(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<RouteDetailDto> {
    const { row, shape } = await this.routes.findWithShape(caller, id);
    response.setHeader('ETag', etagOf(row.version));
    return toRouteDetailDto(row, shape);
  }

  /** Names it, or takes the name away; with If-Match only when nobody has changed it since. */
  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async rename(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RouteChangeDto,
  ): Promise<RouteDto> {
    return tagged(response, toRouteDto(await this.routes.rename(caller, id, seen, body.name)));
  }

  /** Its runs stay, on no route until they are matched again; the next run over the same way makes it anew. */
  @Delete(':id')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  delete(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
  ): Promise<void> {
    return this.routes.delete(caller, id, seen);
  }

  /**
   * Takes over the runs of another route, which is deleted: for ways that matching takes for two. They stay here whatever matching says. Times
   * follow in a moment.
   */
  @Post(':id/merge')
  @HttpCode(200)
  @ApiIdempotencyKey()
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async merge(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RouteMergeDto,
  ): Promise<RouteDto> {
    const sent = idempotentRequest(request, `POST /api/v1/running/routes/${id}/merge`);
    const merged = await this.merges.merge(caller, id, body.routeId, seen, sent);
    return tagged(response, answerWith(response, merged));
  }

  /** Gives it the way of another run, as when a better receiver was there. Times follow in a moment. */
  @Put(':id/shape')
  @ApiHeader({ name: 'If-Match', required: false })
  @RequirePermission('running:own')
  async redraw(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @SeenRunningVersion() seen: number | undefined,
    @Body() body: RouteRedrawDto,
  ): Promise<RouteDto> {
    return tagged(response, toRouteDto(await this.redraws.redraw(caller, id, body.runId, seen)));
  }

  /** Ways that it has had, the newest 200. */
  @Get(':id/versions')
  @RequirePermission('running:own')
  async versions(@Caller() caller: Principal, @Param('id') id: string): Promise<RouteVersionsDto> {
    return { items: (await this.routes.versions(caller, id)).map(toRouteVersionDto) };
  }

  /** Runs that have to do with it, newest first: its own, those that went over it on a longer way, backwards, or over a part of it. */
  @Get(':id/runs')
  @RequirePermission('running:own')
  async runs(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RouteRunsQueryDto,
  ): Promise<RouteRunsDto> {
    const after = readInstantCursor(query.cursor);
    const rows = await this.routes.runs(caller, id, query.isWhole, after, query.limit + 1);
    return toPage(
      rows,
      query.limit,
      ({ startedAt, runId }) => [startedAt.toISOString(), runId],
      toRouteRunDto,
    );
  }

  /** All times over the whole route in its direction, which of them were the best, and where they are heading. */
  @Get(':id/progress')
  @RequirePermission('running:own')
  async progress(@Caller() caller: Principal, @Param('id') id: string): Promise<RouteProgressDto> {
    return toRouteProgressDto(await this.routes.progress(caller, id));
  }
}

function tagged(response: Response, route: RouteDto): RouteDto {
  response.setHeader('ETag', etagOf(route.version));
  return route;
}
