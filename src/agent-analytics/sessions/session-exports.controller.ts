import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { ProjectQueryDto } from '../range-query.dto.js';
import { SessionExportDto } from './sessions.dto.js';
import { SessionExports, type ExportFile } from './session-exports.service.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/sessions/:id')
export class SessionExportsController {
  constructor(private readonly exports: SessionExports) {}

  /** The transcript as a file to read: Markdown in which nothing that was said is more than text. */
  @Get('transcript.md')
  @ApiProduces('text/markdown')
  @ApiOkResponse({ schema: { type: 'string' } })
  @RequirePermission('agents:read')
  async markdown(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Buffer> {
    return send(response, await this.exports.markdown(caller, id, query.project));
  }

  /** The transcript as a file for programs, with the session's figures. */
  @Get('transcript.json')
  @ApiProduces('application/json')
  @ApiOkResponse({ type: SessionExportDto })
  @RequirePermission('agents:read')
  async json(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query() query: ProjectQueryDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Buffer> {
    return send(response, await this.exports.json(caller, id, query.project));
  }
}

function send(response: Response, { name, type, bytes }: ExportFile): Buffer {
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
  return bytes;
}
