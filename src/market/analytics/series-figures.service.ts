import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Span } from './analytics-span.js';
import type { AnalyticsState } from './analytics.service.js';
import { AnswerCache } from './answer-cache.js';
import { type FigureRow, figureTable, type FigureTable } from './figure-table.js';
import { figureOf } from './series-figure.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { dayNumber } from './utc-day.js';

/** Tables kept per process, and values in all of them: 8 bytes each. */
const CACHED_TABLES = 32;
const CACHED_VALUES = 4_000_000;
/** Series read at once: a year of them is a few megabytes. */
const SERIES_AT_ONCE = 200;
/** Other requests get their turn after so long. */
const TURN_MS = 10;

/** What lists and rules are made of: the figures of every series of a server over a span. */
@Injectable()
export class SeriesFigures {
  private readonly cache = new AnswerCache(CACHED_TABLES, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: SeriesFiguresRepository,
  ) {}

  table(principal: Principal, state: AnalyticsState, span: Span): Promise<FigureTable> {
    const key = JSON.stringify([state.serverId, state.rollup, span]);
    return this.cache.get(key, () => this.workOut(principal, state.serverId, span));
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

async function inTurns<T>(elements: readonly T[], work: (element: T) => void): Promise<void> {
  let startedMs = performance.now();
  for (const element of elements) {
    work(element);
    if (performance.now() - startedMs < TURN_MS) continue;
    await nextTurn();
    startedMs = performance.now();
  }
}
