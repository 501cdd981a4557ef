import { Controller, Get, Param, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { conditional, type NOT_MODIFIED } from '../../platform/http/conditional.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { DumpsDto, DumpTotalsDto } from './dumps.dto.js';
import { DumpsService } from './dumps.service.js';
import { dumpFileName, MARKET_DUMP } from './market-dump.js';

@ApiTags('market')
@Controller('api/v1/market')
export class DumpsController {
  constructor(private readonly dumps: DumpsService) {}

  /** Days of which there is a dump, newest first. A day is dumped when it is over, and again within the hour when it has changed. */
  @Get('games/:game/dumps')
  @RequirePermission('market:read')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Query() query: PageQueryDto,
  ): Promise<DumpsDto> {
    return this.dumps.list(caller, game, query);
  }

  /** Every dump of every game with revision and digest: whoever keeps a copy reads those days again that differ. */
  @Get('dumps/totals.json')
  @RequirePermission('market:read')
  totals(@Caller() caller: Principal): Promise<DumpTotalsDto> {
    return this.dumps.totals(caller);
  }

  /**
   * A day of a game (`2026-11-21.csv.gz`): every raw price of all servers as gzipped CSV, in order of server, item, instant and
   * source. Answers one span of a Range with 206, and 304 while the day has not changed.
   */
  @Get('dumps/:game/:file')
  @ApiHeader({ name: 'Range', required: false })
  @ApiProduces('application/gzip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('file') file: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | typeof NOT_MODIFIED> {
    const dump = await this.dumps.find(caller, game, file);
    return conditional(request, response, `"${dump.sha256.toString('hex')}"`, async () => {
      const { span, bytes } = await this.dumps.open(dump, request.headers.range);
      response.statusCode = span ? 206 : 200;
      response.setHeader('Accept-Ranges', 'bytes');
      if (span) response.setHeader('Content-Range', `bytes ${span.from}-${span.to}/${dump.sizeBytes}`);
      return new StreamableFile(bytes, {
        type: MARKET_DUMP.mediaTypes[0]!,
        disposition: `attachment; filename="${game}-${dumpFileName(dump.day)}"`,
        length: span ? span.to - span.from + 1 : dump.sizeBytes,
      });
    });
  }
}
