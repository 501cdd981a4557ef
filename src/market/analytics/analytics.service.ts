import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Statement, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { type Span, windowOf } from './analytics-span.js';
import {
  AnalyticsRepository,
  type DayRow,
  type IndexRow,
  type Method,
  type MoverRow,
  type MoversQuestion,
  type RollupVersionRow,
  type RowSource,
} from './analytics.repository.js';
import { AnswerCache } from './answer-cache.js';
import type { UtcDay } from './utc-day.js';

/** Answers kept per process. */
const CACHED_ANSWERS = 128;
/** Values in all of them: 128 full pages of movers, or some 40 robust indexes of 10,000 items; 18 MB when measured full. */
const CACHED_VALUES = 400_000;
const CACHED_ROWS = 200;

/** What answers for a server depend on besides the question. */
export interface AnalyticsState {
  serverId: number;
  today: UtcDay;
  rollup: RollupVersionRow | undefined;
}

/**
 * Figures of one server for a span of days. The standard windows that end today are kept per item, so they cost one short
 * read however long they are; every other span, and the windows between midnight and their roll-over, are worked out from
 * the days, with the same result.
 */
@Injectable()
export class AnalyticsService {
  private readonly cache = new AnswerCache(CACHED_ANSWERS, CACHED_VALUES);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly analytics: AnalyticsRepository,
  ) {}

  /** Read it before the rows: they may then be newer than it says, which costs a repetition; never older. */
  async state(principal: Principal, serverId: number, today: UtcDay): Promise<AnalyticsState> {
    const [rollup] = await this.uow.read<RollupVersionRow>(
      principal,
      this.analytics.versionStatement(serverId),
    );
    return { serverId, today, rollup };
  }

  index(
    principal: Principal,
    state: AnalyticsState,
    span: Span,
    method: Method,
    itemIds: number[] | null,
  ): Promise<IndexRow> {
    const source = sourceOf(state, span);
    const statement = this.analytics.indexStatement(state.serverId, span, source, method, itemIds);
    return this.cache.get(keyOf(state, statement), async () => {
      const [row] = await this.read<IndexRow>(principal, source, statement);
      return row!;
    });
  }

  movers(
    principal: Principal,
    state: AnalyticsState,
    span: Span,
    question: MoversQuestion,
  ): Promise<MoverRow[]> {
    const source = sourceOf(state, span);
    const statement = this.analytics.moversStatement(state.serverId, span, source, question);
    if (question.limit > CACHED_ROWS + 1)
      return this.uow.run(principal, (tx) => tx.query<MoverRow>(statement));
    return this.cache.get(keyOf(state, statement), () => this.read<MoverRow>(principal, source, statement));
  }

  /** The days of one item within the span, oldest first. */
  days(principal: Principal, serverId: number, itemId: number, span: Span): Promise<DayRow[]> {
    return this.uow.read<DayRow>(principal, this.analytics.daysStatement(serverId, itemId, span));
  }

  /** Whole days of a server are no short read: they get a connection of their own. */
  private read<Row extends object>(
    principal: Principal,
    source: RowSource,
    statement: Statement,
  ): Promise<Row[]> {
    return source === 'window'
      ? this.uow.read<Row>(principal, statement)
      : this.uow.run(principal, (tx) => tx.query<Row>(statement));
  }
}

function sourceOf({ today, rollup }: AnalyticsState, span: Span): RowSource {
  return rollup?.asOf === today && windowOf(span, today) !== undefined ? 'window' : 'daily';
}

/** The rows are the same for everybody who may read the market, so the caller is no part of it. */
function keyOf({ rollup, today }: AnalyticsState, statement: Statement): string {
  return JSON.stringify([rollup?.version, rollup?.asOf, today, statement.name, statement.values]);
}
