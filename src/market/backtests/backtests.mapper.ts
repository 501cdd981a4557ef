import { utcDayFrom } from '../analytics/utc-day.js';
import type { TradeTerms } from '../terms/trade-terms.js';
import type { BacktestQuestion } from './backtest-question.js';
import type { BacktestResult, RandomBuying } from './backtest-result.js';
import type { BacktestDto } from './backtests.dto.js';
import type { Trade } from './trades.js';

const SHOWN_TRADES = 200;

export function toBacktestDto(
  server: string,
  { from, to, seed }: BacktestQuestion,
  found: {
    result: BacktestResult;
    random: RandomBuying | null;
    trades: readonly Trade[];
    terms: TradeTerms;
    itemCount: number;
  },
): BacktestDto {
  const { result, random, terms } = found;
  return {
    server,
    from,
    to,
    seed,
    saleTaxPct: terms.saleTaxPct,
    listingFeePct: terms.listingFeePct,
    itemCount: found.itemCount,
    tradeCount: result.tradeCount,
    hitRatePct: result.hitRatePct,
    meanReturnPct: result.meanReturnPct,
    medianReturnPct: result.medianReturnPct,
    totalReturnPct: result.totalReturnPct,
    maxDrawdownPct: result.maxDrawdownPct,
    exposurePct: result.exposurePct,
    mostHeldCount: result.mostHeldCount,
    random,
    trades: found.trades.slice(0, SHOWN_TRADES).map((trade) => ({
      itemId: trade.itemId,
      decidedOn: utcDayFrom(trade.decidedDay),
      enteredOn: utcDayFrom(trade.entryDay),
      entryPrice: trade.entryPrice,
      exitedOn: utcDayFrom(trade.exitDay),
      exitPrice: trade.exitPrice,
      reason: trade.reason,
      returnPct: trade.returnPct,
    })),
  };
}
