import { Controller, Delete, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiQuery, ApiTags, OmitType } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { PathLongIdPipe } from '../../platform/http/path-long-id.pipe.js';
import { CATALYST_SORTS } from './catalyst-list.js';
import { CatalystReads } from './catalyst-reads.service.js';
import {
  CatalystDetailDto,
  CatalystFactsListDto,
  CatalystsDto,
  CatalystsQueryDto,
  CatalystSummaryDto,
  TrackingDto,
} from './catalysts.dto.js';
import { catalystsQuerySchema } from './catalysts-query.js';
import { tagOf } from './catalysts-tag.mapper.js';
import { CatalystsService } from './catalysts.service.js';

@ApiTags('destiny')
@Controller('api/v1/destiny')
export class CatalystsController {
  constructor(
    private readonly catalysts: CatalystsService,
    private readonly reads: CatalystReads,
  ) {}

  /**
   * Every catalyst with how far the caller's active membership is. Without a connected account all are `unknown`. From the last reading:
   * `asOf` says when Bungie made it.
   */
  @Get('catalysts')
  @ApiOkResponse({ type: CatalystsDto })
  // Swagger drops the words of a single enumeration from a whole class, so this one is told apart.
  @ApiQuery({
    name: 'sort',
    required: false,
    enum: CATALYST_SORTS,
    description: '`pct` furthest first, `remaining` least left first, `season` newest first.',
    schema: { default: 'pct' },
  })
  @ApiQuery({ type: OmitType(CatalystsQueryDto, ['sort']) })
  @RequirePermission('destiny:own')
  async list(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
  ): Promise<CatalystsDto | typeof NOT_MODIFIED> {
    const query = parseInput(catalystsQuerySchema, request.query);
    const own = await this.reads.read(caller);
    return conditional(request, response, tagOf(own, request.url), () => this.catalysts.pageOf(own, query));
  }

  /** Counts by state, slot, element and weapon type. */
  @Get('catalysts/summary')
  @RequirePermission('destiny:own')
  summary(@Caller() caller: Principal): Promise<CatalystSummaryDto> {
    return this.catalysts.summary(caller);
  }

  @Get('catalysts/:recordHash')
  @RequirePermission('destiny:own')
  find(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
  ): Promise<CatalystDetailDto> {
    return this.catalysts.find(caller, recordHash);
  }

  /** Keeps an eye on it: its owner is told when it stalls, and lists can be narrowed to what is tracked. Safe to repeat. */
  @Put('catalysts/:recordHash/tracking')
  @RequirePermission('destiny:own')
  track(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
  ): Promise<TrackingDto> {
    return this.catalysts.track(caller, recordHash, true);
  }

  /** Safe to repeat. */
  @Delete('catalysts/:recordHash/tracking')
  @HttpCode(200)
  @RequirePermission('destiny:own')
  untrack(
    @Caller() caller: Principal,
    @Param('recordHash', PathLongIdPipe) recordHash: number,
  ): Promise<TrackingDto> {
    return this.catalysts.track(caller, recordHash, false);
  }

  /** The facts of all catalysts, the same for everybody, by the weapon's name. */
  @Get('definitions/catalysts')
  @RequirePermission('destiny:read')
  definitions(): CatalystFactsListDto {
    return this.catalysts.definitions();
  }
}
