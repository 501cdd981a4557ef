import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiQuery, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import { PathIdPipe } from '../../platform/http/path-id.pipe.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { SeriesDto } from './prices.dto.js';
import { FIELDS_PATTERN, seriesQuerySchema } from './prices-query.js';
import { type BucketField, BUCKETS } from './series-bucket.js';
import { BucketedSeriesDto } from './series.dto.js';
import { toSeriesCsv } from './series.mapper.js';
import { SeriesService } from './series.service.js';

const CSV_TYPE = 'text/csv; charset=utf-8';

@ApiTags('market')
@ApiExtraModels(SeriesDto, BucketedSeriesDto)
@Controller('api/v1/market/games/:game/servers/:server')
export class SeriesController {
  constructor(private readonly series: SeriesService) {}

  /**
   * One item over time, oldest first, page by page: raw observations, or put together by hour (at most 31 days), day or week.
   * As CSV the next page's cursor is the header `X-Next-Cursor`.
   */
  @Get('items/:itemId/series')
  @ApiOkResponse({
    description: 'The series',
    content: {
      'application/json': {
        schema: {
          oneOf: [{ $ref: getSchemaPath(SeriesDto) }, { $ref: getSchemaPath(BucketedSeriesDto) }],
        },
      },
      'text/csv': { schema: { type: 'string' } },
    },
  })
  @ApiQuery({ name: 'bucket', required: false, enum: BUCKETS, schema: { default: 'raw' } })
  @ApiQuery({
    name: 'from',
    required: false,
    description: 'Whole buckets are given: the one that contains it is the first',
    schema: { type: 'string', format: 'date-time' },
  })
  @ApiQuery({
    name: 'to',
    required: false,
    description: 'The bucket that contains it is the last',
    schema: { type: 'string', format: 'date-time' },
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 200 },
  })
  @ApiQuery({ name: 'cursor', required: false, schema: { type: 'string' } })
  @ApiQuery({
    name: 'fields',
    required: false,
    description:
      'Of hours, days and weeks: these alone, in this order, comma-separated; all but p5 and p95 otherwise',
    schema: { type: 'string', pattern: FIELDS_PATTERN },
  })
  @ApiQuery({
    name: 'format',
    required: false,
    enum: ['json', 'csv'],
    description: 'Otherwise as the Accept header says',
  })
  @RequirePermission('market:read')
  async read(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Caller() caller: Principal,
    @Param('game') game: string,
    @Param('server') server: string,
    @Param('itemId', PathIdPipe) itemId: number,
  ): Promise<SeriesDto | BucketedSeriesDto | Buffer> {
    const query = parseInput(seriesQuerySchema, request.query);
    const place = { game, server, itemId, now: new Date() };
    const series = await this.series.read(caller, place, query);
    response.vary('Accept');
    return (query.format ?? acceptedFormat(request)) === 'csv'
      ? asCsv(response, series, query.fields)
      : series;
  }
}

function acceptedFormat(request: Request): 'json' | 'csv' {
  return request.accepts(['json', 'csv']) === 'csv' ? 'csv' : 'json';
}

function asCsv(
  response: Response,
  series: SeriesDto | BucketedSeriesDto,
  fields: readonly BucketField[],
): Buffer {
  response.setHeader('Content-Type', CSV_TYPE);
  if (series.nextCursor !== null) response.setHeader('X-Next-Cursor', series.nextCursor);
  return Buffer.from(toSeriesCsv(series, fields));
}
