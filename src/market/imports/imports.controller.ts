import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PartNumberPipe } from './part-number.pipe.js';
import { ImportDto, ImportPartDto, NewImportDto } from './imports.dto.js';
import { ImportsService } from './imports.service.js';

@ApiTags('market')
@Controller('api/v1/market/games/:game/servers/:server/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  /** Begins an import of old prices; its file is then sent in parts of at most 1 MiB. */
  @Post()
  @RequirePermission('market:ingest')
  create(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Body() body: NewImportDto,
  ): Promise<ImportDto> {
    return this.imports.create(caller, { game, server }, body);
  }

  @Get(':id')
  @RequirePermission('market:ingest')
  find(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
  ): Promise<ImportDto> {
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

  /** Hands the parts to a job, whose progress is at `/api/v1/jobs/{jobId}`. */
  @Post(':id/start')
  @HttpCode(202)
  @RequirePermission('market:ingest')
  start(
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('id') id: string,
  ): Promise<ImportDto> {
    return this.imports.start(caller, { game, server }, id);
  }

  /** Forgets an import that has not started. */
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
