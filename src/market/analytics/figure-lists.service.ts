import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import { AnalyticsRepository, type ItemName } from './analytics.repository.js';
import type { AnalyticsState } from './analytics.service.js';
import { AnswerCache } from './answer-cache.js';
import {
  type FigureList,
  listFigures,
  type ListedFigure,
  type ListMethod,
  type ListQuestion,
  signalList,
  type SignalRow,
  trendList,
  type TrendRow,
  volatilityList,
  type VolatilityRow,
} from './figure-lists.js';
import { type Evidence, evidenceAt, spanLength } from './figure-table.js';
import { SeriesFigures } from './series-figures.service.js';
import type { SignalSide } from './signals.js';
import type { TrendType } from './trends.js';

/** Answers kept per process, and values in all of them. */
const CACHED_ANSWERS = 128;
const CACHED_VALUES = 400_000;

/** An item on a list. */
export type Named<Row> = Row & ItemName & Evidence;

export interface ListedSpan {
  principal: Principal;
  state: AnalyticsState;
  span: Span;
}

/** Lists of items by one figure each. */
@Injectable()
export class FigureLists {
  private readonly cache = new AnswerCache(CACHED_ANSWERS, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly analytics: AnalyticsRepository,
    private readonly series: SeriesFigures,
  ) {}

  volatility(
    asked: ListedSpan,
    method: ListMethod,
    order: 'desc' | 'asc',
    question: ListQuestion,
  ): Promise<Named<VolatilityRow>[]> {
    return this.list(['volatility', method, order], volatilityList(method, order), asked, question);
  }

  signals(
    asked: ListedSpan,
    method: ListMethod,
    side: SignalSide,
    question: ListQuestion,
  ): Promise<Named<SignalRow>[]> {
    return this.list(['signals', method, side], signalList(method, side), asked, question);
  }

  trends(
    asked: ListedSpan,
    method: ListMethod,
    type: TrendType,
    question: ListQuestion,
  ): Promise<Named<TrendRow>[]> {
    return this.list(['trends', method, type], trendList(method, type), asked, question);
  }

  /** What these items are called; those that are gone have no name. */
  async names(principal: Principal, itemIds: readonly number[]): Promise<Map<number, ItemName>> {
    const names = await this.uow.read<ItemName>(principal, this.analytics.namesStatement(itemIds));
    return new Map(names.map((name) => [name.itemId, name]));
  }

  private list<Row extends ListedFigure>(
    kind: string[],
    list: FigureList<Row>,
    { principal, state, span }: ListedSpan,
    question: ListQuestion,
  ): Promise<Named<Row>[]> {
    const version = this.series.version(state, span);
    return this.cache.get(JSON.stringify([state.serverId, version, span, kind, question]), async () => {
      const table = await this.series.table(principal, state, span);
      const rows = listFigures(list, table, question);
      const names = await this.names(
        principal,
        rows.map(({ itemId }) => itemId),
      );
      const length = spanLength({ ...span, endOn: span.to < state.today ? span.to : state.today });
      return rows.flatMap((row) => {
        const name = names.get(row.itemId);
        return name ? [{ ...row, ...name, ...evidenceAt(table, row.place, length) }] : [];
      });
    });
  }
}
