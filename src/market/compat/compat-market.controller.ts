import { All, Controller, Delete, Get, HttpCode, Options, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExcludeEndpoint,
  ApiExtraModels,
  ApiOkResponse,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Caller } from '../../platform/auth/caller.decorator.js';
import type { Principal } from '../../platform/auth/principal.js';
import { CompatMount, Public, RequirePermission } from '../../platform/auth/route.decorators.js';
import { TREND_TYPES } from '../analytics/trends.js';
import {
  CompatOpportunityDto,
  CompatScanDto,
  CompatSellOpportunityDto,
  CompatTrendDto,
  CompatVolatilityDto,
} from './compat-analysis.dto.js';
import { methodNotAllowed } from './compat.errors.js';
import { observationIdSchema, observationPriceSchema, observationSchema } from './compat-body.reader.js';
import { bodySchema } from './compat-body-schema.js';
import { CompatDesk } from './compat-desk.service.js';
import { CompatErrorDto } from './compat-ingest.dto.js';
import { CompatIndexDto, CompatItemStatsDto, CompatMoverDto, CompatPointDto } from './compat-market.dto.js';
import {
  CompatObservationAddedDto,
  CompatObservationChangedDto,
  CompatObservationDeletedDto,
} from './compat-observations.dto.js';
import { sendRead, sendReply } from './compat-reply.writer.js';

const listOf = (model: new () => object) => ({ type: 'array', items: { $ref: getSchemaPath(model) } });
const TEXTS: [name: string, description: string][] = [
  ['categories', 'resource=analysis: names, comma-separated'],
  ['filter_items', 'resource=analysis: exact names, comma-separated'],
  ['item', 'Exact name, for type=stats and resource=timeseries'],
  ['filterItems', 'resource=market: exact names, comma-separated'],
];
const DATES: [name: string, description: string][] = [
  ['from', 'First day, UTC: anything that JavaScript reads as a date. Needed by resource=market'],
  ['to', 'Last day, included. Needed by resource=market'],
];
const NUMBERS: [name: string, description: string][] = [
  ['limit', 'Lists: rows (20; resource=analysis: 50)'],
  ['min_price', 'Lists: kamas for one unit'],
  ['max_price', 'Lists: kamas for one unit'],
  ['min_profit', 'type=scanner: kamas for one unit'],
  ['min_margin', 'type=scanner: percent of the average price'],
  ['freshness', 'type=scanner: hours since the newest observation'],
  ['min_volatility', 'type=scanner: percent'],
  ['max_volatility', 'type=scanner: percent'],
  ['period', 'resource=analysis: days back from today (scanner 7, trends 30)'],
];
const TYPES = [
  'index',
  'movers',
  'volatility',
  'opportunities',
  'sell-opportunities',
  'stats',
  'scanner',
  'trends',
];

/** The query of the original in OpenAPI: one path for all of its resources. */
function ApiCompatMarketQuery(): MethodDecorator {
  const optional = { required: false } as const;
  const decorators = [
    ApiQuery({ name: 'resource', enum: ['market', 'analysis', 'timeseries'] }),
    ApiQuery({ name: 'server', description: 'Display name of a server', type: String }),
    ApiQuery({ ...optional, name: 'type', enum: TYPES }),
    ApiQuery({ ...optional, name: 'trend_type', enum: TREND_TYPES }),
    ApiQuery({ ...optional, name: 'order', enum: ['desc', 'asc', 'abs'] }),
    ...TEXTS.map(([name, description]) => ApiQuery({ ...optional, name, description, type: String })),
    ...DATES.map(([name, description]) =>
      ApiQuery({ ...optional, name, description, schema: { type: 'string', format: 'date-time' } }),
    ),
    ...NUMBERS.map(([name, description]) => ApiQuery({ ...optional, name, description, type: Number })),
  ];
  return (target, key, descriptor) => {
    for (const decorate of decorators) decorate(target, key, descriptor);
  };
}

@ApiTags('compat dofus')
@ApiExtraModels(
  CompatIndexDto,
  CompatMoverDto,
  CompatItemStatsDto,
  CompatPointDto,
  CompatVolatilityDto,
  CompatOpportunityDto,
  CompatSellOpportunityDto,
  CompatScanDto,
  CompatTrendDto,
)
@Controller('compat/dofus/api/market_v2')
@CompatMount('dofus')
export class CompatMarketController {
  constructor(private readonly desk: CompatDesk) {}

  /**
   * Figures of a market over a span of days as the original gives them: `index`, `stats` of one item, and lists of items;
   * `scanner` and `trends` over days back from today as `resource=analysis`; and the raw observations of one item as
   * `resource=timeseries`. Null where there is nothing to say. Answers 304 to an If-None-Match of the same answer.
   */
  @Get()
  @ApiCompatMarketQuery()
  @ApiOkResponse({
    schema: {
      nullable: true,
      oneOf: [
        { $ref: getSchemaPath(CompatIndexDto) },
        listOf(CompatMoverDto),
        { $ref: getSchemaPath(CompatItemStatsDto) },
        listOf(CompatPointDto),
        listOf(CompatVolatilityDto),
        listOf(CompatOpportunityDto),
        listOf(CompatSellOpportunityDto),
        listOf(CompatScanDto),
        listOf(CompatTrendDto),
      ],
    },
  })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not served' })
  @RequirePermission('market:read')
  async read(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendRead(request, response, await this.desk.answer('market_v2', caller, request));
  }

  /**
   * Adds an observation by hand. A price that repeats the newest one within 15 minutes is not stored again; the answer is the row that
   * says it already. A second price for the same moment takes the place of the first.
   */
  @Post()
  @HttpCode(200)
  @ApiQuery({ name: 'resource', enum: ['observations'] })
  @ApiBody({ schema: bodySchema(observationSchema(() => 0)) })
  @ApiOkResponse({ type: CompatObservationAddedDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @RequirePermission('market:curate')
  async add(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('market_v2', caller, request));
  }

  /** Corrects the price of an observation. As in the original, an id that is not known is no failure. */
  @Put()
  @ApiQuery({ name: 'resource', enum: ['observations'] })
  @ApiBody({ schema: bodySchema(observationPriceSchema) })
  @ApiOkResponse({ type: CompatObservationChangedDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @RequirePermission('market:curate')
  async change(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('market_v2', caller, request));
  }

  /** Takes an observation out of the history. As in the original, an id that is not known is no failure. */
  @Delete()
  @ApiQuery({ name: 'resource', enum: ['observations'] })
  @ApiBody({ schema: bodySchema(observationIdSchema) })
  @ApiOkResponse({ type: CompatObservationDeletedDto })
  @ApiResponse({ status: 400, type: CompatErrorDto, description: 'Something is missing or not valid' })
  @RequirePermission('market:curate')
  async remove(
    @Caller() caller: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    return sendReply(response, await this.desk.answer('market_v2', caller, request));
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  @All()
  @ApiExcludeEndpoint()
  @RequirePermission('market:read')
  refuse(): never {
    throw methodNotAllowed('GET, POST, PUT, DELETE', 'This method is not allowed here.');
  }
}
