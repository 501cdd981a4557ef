import { Readable } from 'node:stream';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import {
  CatalystsExportDto,
  type ExportFormat,
  ExportQueryDto,
  MovesExportDto,
} from './catalyst-exports.dto.js';
import { CatalystExports } from './catalyst-exports.service.js';

const TYPES: Readonly<Record<ExportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};
const CSV = { 'text/csv': { schema: { type: 'string' } } } as const;

@ApiTags('destiny')
@ApiExtraModels(CatalystsExportDto, MovesExportDto)
@Controller('api/v1/destiny/catalysts/export')
export class CatalystExportsController {
  constructor(private readonly exports: CatalystExports) {}

  /** How every catalyst stands, as a file: JSON as in the list, or a row per catalyst for spreadsheets. */
  @Get()
  @ApiOkResponse({
    description: 'The file',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(CatalystsExportDto) } },
      ...CSV,
    },
  })
  @RequirePermission('destiny:own')
  async statuses(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() { format }: ExportQueryDto,
  ): Promise<CatalystsExportDto | Buffer> {
    const body =
      format === 'csv'
        ? Buffer.from(await this.exports.statusesCsv(caller))
        : await this.exports.statusesJson(caller);
    nameFile(response, 'destiny-catalysts', format);
    return body;
  }

  /** Every move of every catalyst since the account was connected, oldest first, as a file. */
  @Get('history')
  @ApiOkResponse({
    description: 'The file',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(MovesExportDto) } },
      ...CSV,
    },
  })
  @RequirePermission('destiny:own')
  history(
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Query() { format }: ExportQueryDto,
  ): StreamableFile {
    nameFile(response, 'destiny-catalyst-history', format);
    return new StreamableFile(Readable.from(this.exports.moves(caller, format), { objectMode: false }), {
      type: TYPES[format],
    });
  }
}

function nameFile(response: Response, name: string, format: ExportFormat): void {
  response.setHeader('Content-Type', TYPES[format]);
  response.setHeader('Content-Disposition', `attachment; filename="${name}.${format}"`);
  response.setHeader('Cache-Control', 'private, no-store');
}
