import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Span } from '../analytics/analytics-span.js';
import { AnalyticsService } from '../analytics/analytics.service.js';
import { utcDayOf } from '../analytics/utc-day.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { type ItemRow, ItemsRepository } from '../catalog/items.repository.js';
import type {
  CompatOpportunityDto,
  CompatScanDto,
  CompatSellOpportunityDto,
  CompatTrendDto,
  CompatVolatilityDto,
} from './compat-analysis.dto.js';
import { type AnalysisCall, CompatAnalysisService } from './compat-analysis.service.js';
import { invalidDate, invalidType, missingParams } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import type {
  CompatIndexDto,
  CompatItemStatsDto,
  CompatMoverDto,
  CompatPointDto,
} from './compat-market.dto.js';
import {
  toCompatIndexDto,
  toCompatItemStatsDto,
  toCompatMoverDto,
  toCompatPointDto,
} from './compat-market.mapper.js';
import {
  compatItems,
  compatMovers,
  compatSeriesSpan,
  compatSpan,
  type CompatSpanFault,
} from './compat-market-query.js';
import { CompatMarketRepository, type PointRow } from './compat-market.repository.js';
import { type RawQuery, textOf } from './compat-query.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';

export type CompatMarketDto =
  | CompatIndexDto
  | CompatMoverDto[]
  | CompatItemStatsDto
  | CompatPointDto[]
  | CompatVolatilityDto[]
  | CompatOpportunityDto[]
  | CompatSellOpportunityDto[]
  | CompatScanDto[]
  | CompatTrendDto[]
  | null;

/** A call with what every `type` needs. */
interface TypedCall extends CompatRequest {
  /** Undefined for a name that no server has: such a market is empty. */
  server: ServerRow | undefined;
  span: Span;
}

/** The reads of the original's `/api/market_v2`, figures by the classic method. */
@Injectable()
export class CompatMarketService implements OnModuleInit {
  private readonly types = new Map<string, (call: TypedCall) => Promise<CompatMarketDto>>([
    ['index', (call) => this.index(call)],
    ['movers', (call) => this.movers(call)],
    ['stats', (call) => this.stats(call)],
    ['volatility', (call) => this.listed(call, (known) => this.analysis.volatility(known, call.span))],
    ['opportunities', (call) => this.listed(call, (known) => this.analysis.signals(known, call.span, 'buy'))],
    [
      'sell-opportunities',
      (call) => this.listed(call, (known) => this.analysis.signals(known, call.span, 'sell')),
    ],
  ]);
  private readonly analyses = new Map<string, (call: AnalysisCall) => Promise<CompatMarketDto>>([
    ['scanner', (call) => this.analysis.scan(call)],
    ['trends', (call) => this.analysis.trends(call)],
  ]);

  constructor(
    private readonly resources: CompatResources,
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly items: ItemsRepository,
    private readonly rows: CompatMarketRepository,
    private readonly analytics: AnalyticsService,
    private readonly analysis: CompatAnalysisService,
  ) {}

  onModuleInit(): void {
    this.resources.register('market_v2', 'market', {
      GET: async (call) => replyOf(await this.market(call, textOf(call.query, 'type'))),
    });
    this.resources.register('market_v2', 'analysis', {
      GET: async (call) => replyOf(await this.analyse(call)),
    });
    this.resources.register('market_v2', 'timeseries', {
      GET: async (call) => replyOf(await this.timeseries(call)),
    });
    this.resources.register('data', 'items&mode=stats', {
      GET: async (call) => replyOf(await this.market(call, 'stats')),
    });
  }

  private async market(call: CompatRequest, type: string): Promise<CompatMarketDto> {
    const name = textOf(call.query, 'server');
    if (type === '' || name === '') throw missingParams('type, server, from, to');
    const span = readable(compatSpan(call.query), 'type, server, from, to');
    const answer = this.types.get(type);
    if (!answer) throw invalidType();
    return answer({ ...call, span, server: await this.directory.serverByName(COMPAT_GAME, name) });
  }

  private async analyse(call: CompatRequest): Promise<CompatMarketDto> {
    const [type, name] = [textOf(call.query, 'type'), textOf(call.query, 'server')];
    if (type === '' || name === '') throw missingParams('type, server');
    const answer = this.analyses.get(type);
    if (!answer) throw invalidType();
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    return this.listed({ ...call, server }, answer);
  }

  /** A market that nobody has seen has no items. */
  private async listed(
    call: CompatRequest & { server: ServerRow | undefined },
    answer: (call: AnalysisCall) => Promise<CompatMarketDto>,
  ): Promise<CompatMarketDto> {
    const { server } = call;
    return server ? answer({ ...call, server }) : [];
  }

  private async index({ principal, query, now, server, span }: TypedCall): Promise<CompatIndexDto | null> {
    if (!server) return null;
    const state = await this.analytics.state(principal, server.id, utcDayOf(now.getTime()));
    const itemIds = await this.itemIds(principal, server, query);
    const row = await this.analytics.index(principal, state, span, 'classic', itemIds);
    return toCompatIndexDto(row, server.name);
  }

  private async movers(call: TypedCall): Promise<CompatMoverDto[]> {
    const { principal, query, now, server, span } = call;
    if (!server) return [];
    const state = await this.analytics.state(principal, server.id, utcDayOf(now.getTime()));
    const rows = await this.analytics.movers(principal, state, span, {
      ...compatMovers(query),
      method: 'classic',
      itemIds: await this.itemIds(principal, server, query),
      minN: 1,
      after: null,
    });
    return rows.map((row) => toCompatMoverDto(row, server.name, call.origin));
  }

  private async stats(call: TypedCall): Promise<CompatItemStatsDto | null> {
    const { principal, query, server, span } = call;
    const label = textOf(query, 'item');
    if (label === '') throw missingParams('item');
    if (!server) return null;
    const statement = this.items.itemByLabelStatement(server.gameId, label);
    const [item] = await this.uow.read<ItemRow>(principal, statement);
    if (!item) return null;
    const days = await this.analytics.days(principal, server.id, item.id, span);
    return toCompatItemStatsDto(days, item, server.name, call.origin);
  }

  private async timeseries({ principal, query, now }: CompatRequest): Promise<CompatPointDto[]> {
    const [label, name] = [textOf(query, 'item'), textOf(query, 'server')];
    if (label === '' || name === '') throw missingParams('item, server');
    const span = readable(compatSeriesSpan(query, utcDayOf(now.getTime())), 'item, server');
    const server = await this.directory.serverByName(COMPAT_GAME, name);
    if (!server) return [];
    const statement = this.rows.pointsStatement(server.id, server.gameId, label, span);
    // A year of one item is no short read: it gets a connection of its own.
    const rows = await this.uow.run(principal, (tx) => tx.query<PointRow>(statement));
    return rows.map(toCompatPointDto);
  }

  private async itemIds(principal: Principal, server: ServerRow, query: RawQuery): Promise<number[] | null> {
    const labels = compatItems(query);
    if (labels === null) return null;
    const statement = this.rows.itemIdsStatement(server.gameId, labels);
    const rows = await this.uow.read<{ id: number }>(principal, statement);
    return rows.map((row) => row.id);
  }
}

function readable(span: Span | CompatSpanFault, needed: string): Span {
  if (span === 'missing') throw missingParams(needed);
  if (span === 'unreadable') throw invalidDate();
  return span;
}
