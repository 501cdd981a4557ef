import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { inTurns } from '../../platform/lifecycle/in-turns.js';
import { type Span, type WindowDays, windowOf } from './analytics-span.js';
import type { AnalyticsState } from './analytics.service.js';
import { AnswerCache } from './answer-cache.js';
import { type FigureRow, figureTable, type FigureTable } from './figure-table.js';
import { HeldFigures } from './held-figures.service.js';
import { figureOf } from './series-figure.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { dayNumber } from './utc-day.js';

/** Worked-out tables kept per process, and values in all of them: 8 bytes each. */
const CACHED_TABLES = 16;
const CACHED_VALUES = 2_000_000;

/** Series read at once: a year of them is a few megabytes. */
const SERIES_AT_ONCE = 200;

/**
 * What lists and rules are made of: the figures of every series of a server over a span. Those of the standard windows are kept, so
 * they cost one short read however long they are; any other span, days gone by, and the time until the kept ones stand for today
 * are worked out from the days by the same functions, with the same result.
 */
@Injectable()
export class SeriesFigures {
  private readonly cache = new AnswerCache(CACHED_TABLES, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: SeriesFiguresRepository,
    private readonly held: HeldFigures,
  ) {}

  /** What the figures of a span depend on. As long as it is the same, they are. */
  version(state: AnalyticsState, span: Span): string {
    const { rollup, today } = state;
    return keptWindow(state, span) === undefined
      ? `${rollup?.version ?? 0}.${rollup?.asOf ?? 'none'}.${today}`
      : `f${rollup!.figuresVersion}.${today}`;
  }

  table(principal: Principal, state: AnalyticsState, span: Span): Promise<FigureTable> {
    const { serverId, rollup } = state;
    const windowDays = keptWindow(state, span);
    if (windowDays === undefined)
      return this.cache.get(JSON.stringify([serverId, this.version(state, span), span]), () =>
        this.workOut(principal, serverId, span),
      );
    return this.held.table(principal, serverId, windowDays, rollup!.figuresVersion!);
  }

  private async workOut(principal: Principal, serverId: number, span: Span): Promise<FigureTable> {
    const { itemIds, categoryIds } = await this.uow.run(principal, (tx) =>
      this.rows.listItems(tx, serverId, null),
    );
    const daySpan = { firstDay: dayNumber(span.from), lastDay: dayNumber(span.to) };
    const rows: FigureRow[] = [];
    for (let start = 0; start < itemIds.length; start += SERIES_AT_ONCE) {
      const ids = itemIds.subarray(start, start + SERIES_AT_ONCE);
      const found = await this.uow.run(principal, (tx) => this.rows.listSeries(tx, serverId, ids, span));
      const categories = new Map([...ids].map((id, place) => [id, categoryIds[start + place]!]));
      await inTurns(found, (series) => {
        const { itemId } = series;
        rows.push({ itemId, categoryId: categories.get(itemId)!, ...figureOf(series, daySpan) });
      });
    }
    return figureTable(rows);
  }
}

/** The standard window whose kept figures these are. */
function keptWindow({ rollup, today }: AnalyticsState, span: Span): WindowDays | undefined {
  return rollup?.figuresAsOf === today ? windowOf(span, today) : undefined;
}
