import { Body, Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { BulkJobDto, ImportQueryDto, RebuildDto } from './bulk.dto.js';
import { Bulk } from './bulk.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/admin/agent-analytics')
export class BulkController {
  constructor(private readonly bulk: Bulk) {}

  /**
   * Takes over a file of Langfuse's blob export: JSON lines, plain or gzip, at most 256 MiB as it is sent; its rows say which table it is of. Safe
   * to repeat. What became of it is in the job's note at the end.
   */
  @Post('imports')
  @HttpCode(202)
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('admin:write')
  importFile(
    @Caller() caller: Principal,
    @Query() query: ImportQueryDto,
    @Req() request: Request,
  ): Promise<BulkJobDto> {
    return this.bulk.importFile(caller, query, request);
  }

  /** Makes all figures anew from what was copied. What a cancelled rebuild has not come to is made with the next run. */
  @Post('rebuild')
  @HttpCode(202)
  @RequirePermission('admin:write')
  rebuild(@Caller() caller: Principal, @Body() body: RebuildDto): Promise<BulkJobDto> {
    return this.bulk.rebuild(caller, body.project);
  }
}
