import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ExportRunQueryDto } from './export-runs.dto.js';
import { ExportRuns } from './export-runs.service.js';

@ApiTags('running')
@Controller('api/v1/running/runs')
export class ExportRunsController {
  constructor(private readonly exports: ExportRuns) {}

  /** The run as a file for other programs; read again here it is the same run within what its format can say. */
  @Get(':id/export')
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @RequirePermission('running:own')
  async write(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ExportRunQueryDto,
  ): Promise<StreamableFile> {
    const { bytes, mediaType, name } = await this.exports.write(caller, id, query.format);
    return new StreamableFile(bytes, { type: mediaType, disposition: `attachment; filename="${name}"` });
  }
}
