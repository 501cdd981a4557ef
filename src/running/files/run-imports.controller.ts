import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { RunImportDto, RunImportItemsDto, RunImportItemsQueryDto, RunImportsDto } from './run-imports.dto.js';
import { RunImports } from './run-imports.service.js';

@ApiTags('running')
@Controller('api/v1/running/imports')
export class RunImportsController {
  constructor(private readonly imports: RunImports) {}

  /**
   * Takes a file of runs: GPX, TCX or FIT, plain or gzipped, or a ZIP of such, at most 256 MiB. What it is is told from its bytes. A job reads
   * it; what came of each file is at `items`. A run that is there already is told, not doubled.
   */
  @Post()
  @HttpCode(202)
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('running:own')
  create(@Caller() caller: Principal, @Req() request: Request): Promise<RunImportDto> {
    return this.imports.create(caller, request);
  }

  /** The caller's own, newest first. Finished ones go after 90 days. */
  @Get()
  @RequirePermission('running:own')
  list(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<RunImportsDto> {
    return this.imports.list(caller, query);
  }

  @Get(':id')
  @RequirePermission('running:own')
  find(@Caller() caller: Principal, @Param('id') id: string): Promise<RunImportDto> {
    return this.imports.find(caller, id);
  }

  /** What came of each file so far, in the order of the archive. */
  @Get(':id/items')
  @RequirePermission('running:own')
  items(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: RunImportItemsQueryDto,
  ): Promise<RunImportItemsDto> {
    return this.imports.items(caller, id, query);
  }

  /** Gives an import that has stopped another job, which goes on with the file at which the last one was. Its file is kept for a week. */
  @Post(':id/start')
  @HttpCode(202)
  @RequirePermission('running:own')
  start(@Caller() caller: Principal, @Param('id') id: string): Promise<RunImportDto> {
    return this.imports.start(caller, id);
  }

  /** Forgets an import that has finished or stopped. Runs that came of it stay. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('running:own')
  discard(@Caller() caller: Principal, @Param('id') id: string): Promise<void> {
    return this.imports.discard(caller, id);
  }
}
