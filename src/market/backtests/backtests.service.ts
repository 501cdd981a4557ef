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
import { signalDecisions } from './signal-rule.js';
import { daysOf, judgedDays, possibleReturns, type Trade, type Trial } from './trades.js';

/** All that a request may cost, in microseconds of one core as measured: a whole server over a quarter by nearly every rule. */
const MAX_COST_US = 8_000_000;
/** Of one day of one series: reading it, and what it costs per day of a sale plan to look for the sale. */
const READ_COST_US = 1.5;
const HOLD_COST_US = 0.005;
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
    if (rule?.method === 'document') throw backtestNeedsDays();
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
    const { windowDays, itemIds: only, categoryIds } = (question.rule ?? question.signals)!;
    const seen = { from: addDays(span.from, -windowDays), to: span.to };
    const itemIds = await this.uow.run(principal, (tx) =>
      this.past.listSeen(tx, serverId, { itemIds: only, categoryIds }, seen),
    );
    const daySpan: DaySpan = { firstDay: dayNumber(span.from), lastDay: dayNumber(span.to) };
    const most = Math.floor(MAX_COST_US / costOf(question, daySpan));
    if (itemIds.length > most) throw backtestTooLarge(itemIds.length, most);
    const trades: Trade[] = [];
    const possible: number[] = [];
    function* tried(found: readonly PastSeries[]): Generator<Trade | null> {
      for (const series of found) {
        const trial = trialOf(question, series, daySpan, terms);
        for (const returnPct of possibleReturns(series, daySpan, trial.plan)) possible.push(returnPct);
        yield* judgedDays(series, daySpan, trial);
      }
    }
    for (let start = 0; start < itemIds.length; start += SERIES_AT_ONCE) {
      const ids = itemIds.subarray(start, start + SERIES_AT_ONCE);
      const found = await this.uow.run(principal, (tx) => this.past.listPast(tx, serverId, ids, seen));
      await inTurns(tried(found), (trade) => {
        if (trade !== null) trades.push(trade);
      });
    }
    trades.sort((a, b) => a.entryDay - b.entryDay || a.itemId - b.itemId);
    return { trades, possible: Float64Array.from(possible), itemCount: itemIds.length };
  }
}

/** Of one series, in microseconds. Signals are asked for twice a day, and need the window in order once more. */
function costOf({ rule, signals, holdDays }: BacktestQuestion, { firstDay, lastDay }: DaySpan): number {
  const { windowDays } = (rule ?? signals)!;
  const days = lastDay - firstDay + 1;
  const judgementUs = rule === undefined ? 4 + windowDays / 50 : 2 + windowDays / 100;
  const saleUs = HOLD_COST_US * Math.min(holdDays, days);
  return days * (judgementUs + saleUs) + (days + windowDays) * READ_COST_US;
}

/** How an item is bought and sold. */
function trialOf(
  { rule, signals, holdDays, takeProfitPct, stopLossPct }: BacktestQuestion,
  series: PastSeries,
  span: DaySpan,
  terms: TradeTerms,
): Trial {
  const plan = { holdDays, takeProfitPct, stopLossPct, terms };
  if (rule !== undefined)
    return { windowDays: rule.windowDays, decide: ruleDecision(rule, series, terms), plan };
  const { windowDays } = signals!;
  const { buys, sells } = signalDecisions(signals!, series);
  const sellSignals = daysOf(series, span, { windowDays, decide: sells });
  return { windowDays, decide: buys, plan: { ...plan, sellSignals } };
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
