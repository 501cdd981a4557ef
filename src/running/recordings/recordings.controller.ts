import { Body, Controller, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { etagOf } from '../../platform/http/if-match.js';
import { RunnerRunDto } from '../runs/runs.dto.js';
import { toRunDto } from '../runs/runs.mapper.js';
import { FIX_ELEMENT, MOST_FIXES } from './fix.js';
import { readFixesBody } from './fixes-body.reader.js';
import { toFixesTakenDto } from './recordings.mapper.js';
import { FixesTakenDto, NewRunEventDto, RunEventTakenDto, RunFinishDto } from './recordings.dto.js';
import { Recordings } from './recordings.service.js';

const { $schema: _dialect, ...FIXES_BODY } = z.toJSONSchema(
  z.strictObject({ fixes: z.array(FIX_ELEMENT).min(1).max(MOST_FIXES) }),
  { io: 'input', target: 'draft-7' },
) as Record<string, unknown>;

@ApiTags('running')
@Controller('api/v1/running/runs/:id')
export class RecordingsController {
  constructor(private readonly recordings: Recordings) {}

  /**
   * Fixes by the device's numbers, in any order, twice or hours late; the first of a number stays. The answer says up to which number
   * nothing is missing, and what is: all of that is stored for good.
   */
  @Put('fixes')
  @ApiBody({ schema: FIXES_BODY })
  @RequirePermission('running:own')
  async putFixes(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('id') id: string,
  ): Promise<FixesTakenDto> {
    return toFixesTakenDto(await this.recordings.putFixes(caller, id, readFixesBody(request.body)));
  }

  /** A button was pressed. One that is sent again changes nothing. */
  @Post('events')
  @HttpCode(200)
  @RequirePermission('running:own')
  async takeEvent(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() { kind, seq, at }: NewRunEventDto,
  ): Promise<RunEventTakenDto> {
    const { isNew } = await this.recordings.takeEvent(caller, id, { kind, seq, atMs: Date.parse(at) });
    return { kind, seq, isNew };
  }

  /** The run is over, and its track is made; fixes that come later go into it, too. A finish that is sent again changes nothing. */
  @Post('finish')
  @HttpCode(200)
  @RequirePermission('running:own')
  async finish(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() { lastSeq, finishedAt }: RunFinishDto,
  ): Promise<RunnerRunDto> {
    const run = await this.recordings.finish(caller, id, {
      lastSeq: lastSeq ?? null,
      finishedAtMs: finishedAt === undefined ? null : Date.parse(finishedAt),
    });
    response.setHeader('ETag', etagOf(run.version));
    return toRunDto({ ...run, lastFixAt: null }, caller.id, new Date());
  }
}
