import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { DigestedRequest } from '../../platform/http/body-parsers.js';
import { ApiIdempotencyKey } from '../../platform/http/idempotency-key.decorator.js';
import { answerWith, idempotentRequest } from '../../platform/http/idempotency.service.js';
import { PartNumberPipe } from './part-number.pipe.js';
import { ImportPartDto, ImportsDto, ImportWithPartsDto, NewImportDto } from './imports.dto.js';
import { ImportsService } from './imports.service.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';

const ROUTE = 'POST /api/v1/market/games/:game/servers/:server/imports';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  /** Begins an import of old prices; its file is then sent in parts of at most 1 MiB. Given up after a week of silence. */
  @Post()
  @ApiIdempotencyKey()
  @RequirePermission('market:ingest')
  async create(
    @Req() request: Request & DigestedRequest,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() body: NewImportDto,
  ): Promise<ImportWithPartsDto> {
    const idempotent = idempotentRequest(request, `${ROUTE} ${game}/${server}`);
    return answerWith(response, await this.imports.create(caller, { game, server }, body, idempotent));
  }

  /** The caller's imports, newest first. */
  @Get()
  @RequirePermission('market:ingest')
  list(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Query() query: PageQueryDto,
  ): Promise<ImportsDto> {
    return this.imports.list(caller, { game, server }, query);
  }

  @Get(':id')
  @RequirePermission('market:ingest')
  find(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
  ): Promise<ImportWithPartsDto> {
    return this.imports.find(caller, { game, server }, id);
  }

  /**
   * Stores one part, from 0 on: whole lines, `text/csv` (the first part begins with the header) or `application/x-ndjson`.
   * Sent again it replaces what it was, so an upload that broke goes on where it was.
   */
  @Put(':id/parts/:part')
  @ApiConsumes('text/csv', 'application/x-ndjson')
  @ApiBody({ schema: { type: 'string' } })
  @RequirePermission('market:ingest')
  putPart(
    @Req() request: Request,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
    @Param('part', PartNumberPipe) part: number,
  ): Promise<ImportPartDto> {
    return this.imports.putPart(caller, { game, server }, id, part, request.body as unknown);
  }

  /**
   * Hands the parts to a job, whose progress is at `/api/v1/jobs/{jobId}`. An import that has stopped (its job was cancelled, or
   * failed for good) gets another job, which goes on where the last one was.
   */
  @Post(':id/start')
  @HttpCode(202)
  @RequirePermission('market:ingest')
  start(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
  ): Promise<ImportWithPartsDto> {
    return this.imports.start(caller, { game, server }, id);
  }

  /** Forgets an import that has not started or has stopped; what was applied of it stays. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('market:ingest')
  discard(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
  ): Promise<void> {
    return this.imports.discard(caller, { game, server }, id);
  }
}
