import { mean, median } from '../analytics/order-statistics.js';
import type { DaySpan } from '../analytics/series-figure.js';
import type { Trade } from './trades.js';

// What a row of trades was worth. Every trade stakes the same; the capital is what the most positions held on one day needed. A sale
// moves the equity, a price in between does not.

export interface BacktestResult {
  tradeCount: number;
  /** Null without trades. */
  hitRatePct: number | null;
  meanReturnPct: number | null;
  medianReturnPct: number | null;
  /** Of the capital. */
  totalReturnPct: number;
  /** The deepest fall of the equity below its highest before; above 100 where losses exceeded the capital. */
  maxDrawdownPct: number;
  /** Share of the span's days on which anything was held. */
  exposurePct: number;
  mostHeldCount: number;
}

export function resultOf(trades: readonly Trade[], { firstDay, lastDay }: DaySpan): BacktestResult {
  const returns = trades.map(({ returnPct }) => returnPct);
  const held = heldPerDay(trades, firstDay, lastDay);
  const mostHeldCount = held.reduce((most, count) => Math.max(most, count), 0);
  const none = trades.length === 0;
  return {
    tradeCount: trades.length,
    hitRatePct: none ? null : (returns.filter((value) => value > 0).length / trades.length) * 100,
    meanReturnPct: none ? null : mean(returns),
    medianReturnPct: none ? null : median(returns),
    totalReturnPct: none ? 0 : returns.reduce((sum, value) => sum + value, 0) / mostHeldCount,
    maxDrawdownPct: none ? 0 : drawdownPct(trades, mostHeldCount, lastDay - firstDay + 1, firstDay),
    exposurePct: (held.filter((count) => count > 0).length / held.length) * 100,
    mostHeldCount,
  };
}

/** Positions on each day, those of the days of purchase and sale among them. */
function heldPerDay(trades: readonly Trade[], firstDay: number, lastDay: number): Int32Array {
  const held = new Int32Array(lastDay - firstDay + 2);
  for (const { entryDay, exitDay } of trades) {
    held[entryDay - firstDay]! += 1;
    held[exitDay - firstDay + 1]! -= 1;
  }
  for (let place = 1; place < held.length; place += 1) held[place]! += held[place - 1]!;
  return held.subarray(0, -1);
}

function drawdownPct(trades: readonly Trade[], capital: number, dayCount: number, firstDay: number): number {
  const gains = new Float64Array(dayCount);
  for (const { exitDay, returnPct } of trades) gains[exitDay - firstDay]! += returnPct / 100 / capital;
  let [equity, peak, deepest] = [1, 1, 0];
  for (const gain of gains) {
    equity += gain;
    peak = Math.max(peak, equity);
    deepest = Math.max(deepest, (peak - equity) / peak);
  }
  return deepest * 100;
}

/** Mean return of as many trades as the rule made, bought at random. @param possible not empty @param uniform 0 to below 1 */
export function randomMean(possible: Float64Array, tradeCount: number, uniform: () => number): number {
  let sum = 0;
  for (let count = 0; count < tradeCount; count += 1)
    sum += possible[Math.floor(uniform() * possible.length)]!;
  return sum / tradeCount;
}

export interface RandomBuying {
  draws: number;
  meanReturnPct: number;
  /** Share of the draws that did worse than the rule. */
  worsePct: number;
  /** How likely random buying does at least as well: (1 + draws that did) / (1 + draws). */
  p: number;
}

/** @param means of the draws, not empty */
export function comparedWith(means: Float64Array, ruleMean: number): RandomBuying {
  const worse = means.filter((value) => value < ruleMean).length;
  const draws = means.length;
  return {
    draws,
    meanReturnPct: mean(means),
    worsePct: (worse / draws) * 100,
    p: (1 + draws - worse) / (1 + draws),
  };
}
