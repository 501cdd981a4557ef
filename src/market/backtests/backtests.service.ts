import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { inTurns } from '../../platform/lifecycle/in-turns.js';
import { resolveSpan, type Span } from '../analytics/analytics-span.js';
import type { DaySpan } from '../analytics/series-figure.js';
import { addDays, dayNumber, utcDayOf } from '../analytics/utc-day.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { backtestNeedsDays, backtestTooLarge, badSpan } from '../market.errors.js';
import { SeededRandom } from '../simulation/random.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import { TradeTermsService } from '../terms/trade-terms.service.js';
import { BACKTEST_QUESTION, type BacktestQuestion } from './backtest-question.js';
import { comparedWith, randomMean, resultOf } from './backtest-result.js';
import type { BacktestDto } from './backtests.dto.js';
import { toBacktestDto } from './backtests.mapper.js';
import { BacktestsRepository } from './backtests.repository.js';
import type { PastSeries } from './past-series.js';
import { ruleDecision } from './rule-decision.js';
import { judgedDays, possibleReturns, type Trade } from './trades.js';

/** What a judgement costs besides the days of its window, in such days; and all that a request may cost: at most about two seconds. */
const JUDGEMENT_COST = 40;
const MAX_COST = 4_000_000;
/** Series read at once: two years and a window of them are some ten megabytes. */
const SERIES_AT_ONCE = 200;
const DRAWS = 200;

/** Tries a rule on the past of a server, and random buying beside it. Changes nothing. */
@Injectable()
export class BacktestsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly terms: TradeTermsService,
    private readonly past: BacktestsRepository,
  ) {}

  /**
   * @param asked as a client sent it
   * @throws DomainError unknown game or server; fields or dates that do not fit; the method `document`; more than can be
   *   worked out at once
   */
  async run(
    principal: Principal,
    place: { game: string; server: string; now: Date },
    asked: unknown,
  ): Promise<BacktestDto> {
    const server = await this.directory.server(place.game, place.server);
    const question = parseInput(BACKTEST_QUESTION, asked);
    const { rule, from, to, seed } = question;
    const span = resolveSpan({ from, to }, utcDayOf(place.now.getTime()));
    if (typeof span === 'string') throw badSpan(span);
    if (rule.method === 'document') throw backtestNeedsDays();
    const terms = await this.terms.of(server.id);
    const daySpan = { firstDay: dayNumber(from), lastDay: dayNumber(to) };
    const { trades, possible, itemCount } = await this.trade(principal, server.id, { question, span, terms });
    const result = resultOf(trades, daySpan);
    const random =
      result.meanReturnPct === null
        ? null
        : comparedWith(await drawn(possible, trades.length, seed), result.meanReturnPct);
    return toBacktestDto(server.key, question, { result, random, trades, terms, itemCount });
  }

  private async trade(
    principal: Principal,
    serverId: number,
    { question, span, terms }: { question: BacktestQuestion; span: Span; terms: TradeTerms },
  ): Promise<{ trades: Trade[]; possible: Float64Array; itemCount: number }> {
    const { rule, holdDays, takeProfitPct, stopLossPct } = question;
    const { windowDays } = rule;
    const seen = { from: addDays(span.from, -windowDays), to: span.to };
    const itemIds = await this.uow.run(principal, (tx) => this.past.listSeen(tx, serverId, rule, seen));
    const daySpan: DaySpan = { firstDay: dayNumber(span.from), lastDay: dayNumber(span.to) };
    const days = daySpan.lastDay - daySpan.firstDay + 1;
    const most = Math.floor(MAX_COST / (days * (windowDays + JUDGEMENT_COST)));
    if (itemIds.length > most) throw backtestTooLarge(itemIds.length, most);
    const plan = { holdDays, takeProfitPct, stopLossPct, terms };
    function* judged(found: readonly PastSeries[]): Generator<Trade | null> {
      for (const series of found)
        yield* judgedDays(series, daySpan, { windowDays, decide: ruleDecision(rule, series, terms), plan });
    }
    const trades: Trade[] = [];
    const possible: number[] = [];
    for (let start = 0; start < itemIds.length; start += SERIES_AT_ONCE) {
      const ids = itemIds.subarray(start, start + SERIES_AT_ONCE);
      const found = await this.uow.run(principal, (tx) => this.past.listPast(tx, serverId, ids, seen));
      await inTurns(found, (series) => {
        for (const returnPct of possibleReturns(series, daySpan, plan)) possible.push(returnPct);
      });
      await inTurns(judged(found), (trade) => {
        if (trade !== null) trades.push(trade);
      });
    }
    trades.sort((a, b) => a.entryDay - b.entryDay || a.itemId - b.itemId);
    return { trades, possible: Float64Array.from(possible), itemCount: itemIds.length };
  }
}

/** Mean returns of random buying, one per draw. */
async function drawn(possible: Float64Array, tradeCount: number, seed: number): Promise<Float64Array> {
  const random = new SeededRandom(seed, 0, 0);
  const means = new Float64Array(DRAWS);
  await inTurns(means.keys(), (draw) => {
    means[draw] = randomMean(possible, tradeCount, () => random.uniform());
  });
  return means;
}
