import { All, Controller, Get, HttpCode, Inject, Options, Query, Req, Res } from '@nestjs/common';
import {
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
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { publicOrigin } from '../../platform/http/public-origin.js';
import { TREND_TYPES } from '../analytics/trends.js';
import {
  CompatOpportunityDto,
  CompatScanDto,
  CompatSellOpportunityDto,
  CompatTrendDto,
  CompatVolatilityDto,
} from './compat-analysis.dto.js';
import { methodNotAllowed } from './compat.errors.js';
import { CompatErrorDto } from './compat-ingest.dto.js';
import { CompatIndexDto, CompatItemStatsDto, CompatMoverDto, CompatPointDto } from './compat-market.dto.js';
import { type CompatMarketDto, CompatMarketService } from './compat-market.service.js';

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
/** JSON's null. The adapter sends nothing at all for an answer that is null. */
const NULL = Buffer.from('null');

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
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly market: CompatMarketService,
  ) {}

  /**
   * Figures of a market over a span of days as the original gives them: `index`, `stats` of one item, and lists of items;
   * `scanner` and `trends` over days back from today as `resource=analysis`; and the raw observations of one item as
   * `resource=timeseries`. Null where there is nothing to say.
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
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CompatMarketDto | Buffer> {
    const answer = await this.market.answer({
      principal: caller,
      query,
      now: new Date(),
      origin: publicOrigin(this.env, request),
    });
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    return answer ?? NULL;
  }

  /** A preflight where CORS is off; where it is on, it is answered before the routes. */
  @Options()
  @HttpCode(200)
  @ApiExcludeEndpoint()
  @Public()
  preflight(): void {
    // nothing to say: without CORS headers the browser refuses the request
  }

  /** Writes come with the resources that have them. */
  @All()
  @ApiExcludeEndpoint()
  @RequirePermission('market:read')
  refuse(): never {
    throw methodNotAllowed('GET', 'Only GET is allowed here.');
  }
}
