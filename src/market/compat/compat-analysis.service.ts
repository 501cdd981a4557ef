import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Span } from '../analytics/analytics-span.js';
import { AnalyticsService } from '../analytics/analytics.service.js';
import { AnswerCache } from '../analytics/answer-cache.js';
import type { ListQuestion } from '../analytics/figure-lists.js';
import { FigureLists, type ListedSpan } from '../analytics/figure-lists.service.js';
import { ScannerService } from '../analytics/scanner.service.js';
import { SeriesFiguresRepository } from '../analytics/series-figures.repository.js';
import type { SignalSide } from '../analytics/signals.js';
import { addDays, utcDayFrom, utcDayOf } from '../analytics/utc-day.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type {
  CompatOpportunityDto,
  CompatScanDto,
  CompatSellOpportunityDto,
  CompatTrendDayDto,
  CompatTrendDto,
  CompatVolatilityDto,
} from './compat-analysis.dto.js';
import {
  toCompatOpportunityDto,
  toCompatScanDto,
  toCompatSellOpportunityDto,
  toCompatTrendDto,
  toCompatVolatilityDto,
} from './compat-analysis.mapper.js';
import {
  compatCategories,
  compatPeriod,
  compatQuestion,
  compatScan,
  compatTrendType,
} from './compat-analysis-query.js';
import { compatItems } from './compat-market-query.js';
import { CompatMarketRepository } from './compat-market.repository.js';
import { namesOf, type RawQuery, textOf } from './compat-query.js';

/** Histories kept per process, and values in all of them: some hundred lists of a month. */
const CACHED_HISTORIES = 128;
const CACHED_VALUES = 200_000;

/** A call of a client that names a server which exists. */
export interface AnalysisCall {
  principal: Principal;
  query: RawQuery;
  now: Date;
  origin: string;
  server: ServerRow;
}

/** The original's lists of items, figures by the classic method. */
@Injectable()
export class CompatAnalysisService {
  private readonly histories = new AnswerCache(CACHED_HISTORIES, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: CompatMarketRepository,
    private readonly analytics: AnalyticsService,
    private readonly lists: FigureLists,
    private readonly scanner: ScannerService,
    private readonly series: SeriesFiguresRepository,
  ) {}

  async volatility(call: AnalysisCall, span: Span): Promise<CompatVolatilityDto[]> {
    const order = textOf(call.query, 'order') === 'asc' ? 'asc' : 'desc';
    const [asked, question] = await Promise.all([
      this.ask(call, span),
      this.question(call, 20, compatItems(call.query)),
    ]);
    const rows = await this.lists.volatility(asked, 'classic', order, question);
    return rows.map((row) => toCompatVolatilityDto(row, placeOf(call)));
  }

  async signals(
    call: AnalysisCall,
    span: Span,
    side: SignalSide,
  ): Promise<CompatOpportunityDto[] | CompatSellOpportunityDto[]> {
    const [asked, question] = await Promise.all([
      this.ask(call, span),
      this.question(call, 20, compatItems(call.query)),
    ]);
    const rows = await this.lists.signals(asked, 'classic', side, question);
    const place = placeOf(call);
    return side === 'buy'
      ? rows.map((row) => toCompatOpportunityDto(row, place))
      : rows.map((row) => toCompatSellOpportunityDto(row, place));
  }

  /** Only what promises a profit, as in the original. */
  async scan(call: AnalysisCall): Promise<CompatScanDto[]> {
    const { limit, periodDays, rule } = compatScan(call.query);
    const span = periodOf(call, periodDays);
    const { itemIds, categoryIds } = await this.question(call, limit, namesOf(call.query, 'filter_items'));
    const { state } = await this.ask(call, span);
    const { figures } = await this.scanner.find(call.principal, state, {
      rule: {
        ...rule,
        ...(itemIds && { itemIds: [...itemIds] }),
        ...(categoryIds && { categoryIds: [...categoryIds] }),
      },
      span,
      nowMs: call.now.getTime(),
    });
    const shown = figures.filter(({ profit }) => profit > 0).slice(0, limit);
    const names = await this.lists.names(
      call.principal,
      shown.map(({ itemId }) => itemId),
    );
    return shown.flatMap((figure) => {
      const name = names.get(figure.itemId);
      return name ? [toCompatScanDto(figure, name, placeOf(call))] : [];
    });
  }

  async trends(call: AnalysisCall): Promise<CompatTrendDto[]> {
    const type = compatTrendType(call.query);
    const span = periodOf(call, compatPeriod(call.query, 30));
    const [asked, question] = await Promise.all([
      this.ask(call, span),
      this.question(call, 50, namesOf(call.query, 'filter_items')),
    ]);
    const rows = await this.lists.trends(asked, 'classic', type, question);
    const histories = await this.historiesOf(
      asked,
      rows.map(({ itemId }) => itemId),
    );
    return rows.map((row) => toCompatTrendDto(row, type, histories[String(row.itemId)] ?? [], placeOf(call)));
  }

  private async ask({ principal, server, now }: AnalysisCall, span: Span): Promise<ListedSpan> {
    const state = await this.analytics.state(principal, server.id, utcDayOf(now.getTime()));
    return { principal, state, span };
  }

  private async question(
    { principal, query, server }: AnalysisCall,
    defaultLimit: number,
    labels: string[] | null,
  ): Promise<ListQuestion> {
    const categories = compatCategories(query);
    const read = async (statement: ReturnType<CompatMarketRepository['itemIdsStatement']>) =>
      (await this.uow.read<{ id: number }>(principal, statement)).map(({ id }) => id);
    const [itemIds, categoryIds] = await Promise.all([
      labels && read(this.rows.itemIdsStatement(server.gameId, labels)),
      categories && read(this.rows.categoryIdsStatement(server.gameId, categories)),
    ]);
    return { ...compatQuestion(query, defaultLimit), itemIds, categoryIds };
  }

  /** Days of these items, by their ids. */
  private historiesOf(
    { principal, state, span }: ListedSpan,
    itemIds: readonly number[],
  ): Promise<Record<string, CompatTrendDayDto[]>> {
    const { serverId, rollup } = state;
    return this.histories.get(JSON.stringify([serverId, rollup?.version, span, itemIds]), async () => {
      const series = await this.uow.run(principal, (tx) =>
        this.series.listMeans(tx, serverId, itemIds, span),
      );
      return Object.fromEntries(
        series.map(({ itemId, days, means }) => [
          String(itemId),
          Array.from(days, (day, place) => ({ d: utcDayFrom(day), p: means[place]! })),
        ]),
      );
    });
  }
}

function placeOf({ server, origin }: AnalysisCall) {
  return { server: server.name, origin };
}

function periodOf({ now }: AnalysisCall, days: number): Span {
  const today = utcDayOf(now.getTime());
  return { from: addDays(today, -days), to: today };
}
