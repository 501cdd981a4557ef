import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { VersionedBody } from '../../platform/http/conditional.js';
import { toPage } from '../../platform/http/keyset.js';
import { afterOf, AnalyticsDesk, type AnalyticsPlace, type Asked, idsOf } from './analytics-desk.service.js';
import type {
  FigureListQueryDto,
  SignalsDto,
  SignalsQueryDto,
  TrendsDto,
  TrendsQueryDto,
  VolatilityDto,
  VolatilityQueryDto,
} from './figure-lists.dto.js';
import type { ListedFigure, ListQuestion } from './figure-lists.js';
import { toSignalDto, toTrendDto, toVolatileItemDto } from './figure-lists.mapper.js';
import { FigureLists, type ListedSpan, type Named } from './figure-lists.service.js';
import { SeriesFigures } from './series-figures.service.js';
import { addDays } from './utc-day.js';

/** Lists of items as the native API gives them. */
@Injectable()
export class NativeListsService {
  constructor(
    private readonly desk: AnalyticsDesk,
    private readonly lists: FigureLists,
    private readonly series: SeriesFigures,
  ) {}

  /** What an answer depends on besides the query. @throws DomainError for a query that would be refused */
  async version(principal: Principal, place: AnalyticsPlace, query: FigureListQueryDto): Promise<string> {
    const { state, asked } = await this.desk.open(principal, place, query);
    afterOf(query.cursor);
    return this.series.version(state, asked);
  }

  volatility(
    principal: Principal,
    place: AnalyticsPlace,
    query: VolatilityQueryDto,
  ): Promise<VersionedBody<VolatilityDto, string>> {
    return this.answer(principal, place, query, async (span, asked, question) => ({
      ...headOf(asked),
      method: query.method,
      ...pageOf(
        await this.lists.volatility(span, query.method, query.order, question),
        query,
        toVolatileItemDto,
      ),
    }));
  }

  signals(
    principal: Principal,
    place: AnalyticsPlace,
    query: SignalsQueryDto,
  ): Promise<VersionedBody<SignalsDto, string>> {
    return this.answer(principal, place, query, async (span, asked, question) => ({
      ...headOf(asked),
      method: query.method,
      side: query.side,
      ...pageOf(await this.lists.signals(span, query.method, query.side, question), query, toSignalDto),
    }));
  }

  trends(
    principal: Principal,
    place: AnalyticsPlace,
    query: TrendsQueryDto,
  ): Promise<VersionedBody<TrendsDto, string>> {
    return this.answer(principal, place, query, async (span, asked, question) => ({
      ...headOf(asked),
      method: query.method,
      direction: query.direction,
      ...pageOf(await this.lists.trends(span, query.method, query.direction, question), query, toTrendDto),
    }));
  }

  private async answer<Body>(
    principal: Principal,
    place: AnalyticsPlace,
    query: FigureListQueryDto,
    bodyOf: (span: ListedSpan, asked: Asked, question: ListQuestion) => Promise<Body>,
  ): Promise<VersionedBody<Body, string>> {
    const { state, asked } = await this.desk.open(principal, place, query);
    const span = { from: asked.from, to: asked.to };
    const body = await bodyOf({ principal, state, span }, asked, questionOf(query, asked));
    return { version: this.series.version(state, span), body };
  }
}

function headOf({ server, from, to }: Asked): { server: string; from: string; to: string } {
  return { server, from, to };
}

function pageOf<Row extends ListedFigure, Dto>(
  rows: readonly Named<Row>[],
  { limit }: FigureListQueryDto,
  map: (row: Named<Row>) => Dto,
) {
  return toPage(rows, limit, (row) => [String(row.sortKey), row.itemId], map);
}

function questionOf(query: FigureListQueryDto, { endOn }: Asked): ListQuestion {
  const { maxAgeDays } = query;
  return {
    limit: query.limit + 1,
    minPrice: query.minPrice ?? null,
    maxPrice: query.maxPrice ?? null,
    minN: query.minN,
    seenSinceMs: maxAgeDays === undefined ? null : Date.parse(`${addDays(endOn, -maxAgeDays)}T00:00:00Z`),
    itemIds: idsOf(query.itemIds),
    categoryIds: idsOf(query.categoryIds),
    after: afterOf(query.cursor),
  };
}
