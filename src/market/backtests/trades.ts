import { LEAST_PRICE } from '../analytics/market-index.js';
import type { DaySpan } from '../analytics/series-figure.js';
import { netOfSale, type TradeTerms } from '../terms/trade-terms.js';
import { type PastSeries, placeFrom } from './past-series.js';
import { PastWindow } from './past-window.js';

// Buying by a rule in the past. The rule is asked at the end of each day; a match buys at the first price of the next day seen, and
// sells at the first price of a later day: the first that reaches the target or the stop or follows a sell signal, or else the first
// that is `holdDays` or more after the purchase. Where the span ends before, the last price in it counts. One position per item at a time. Flagged
// prices are no offers, so nobody buys or sells at them; days whose first other price is zero trade nothing.

/** How a position ends. Percent of the price paid, after what the sale costs. */
export interface ExitPlan {
  holdDays: number;
  takeProfitPct?: number | undefined;
  stopLossPct?: number | undefined;
  /** By place in the series: 1 where a sell signal stood at the end of that day. */
  sellSignals?: Uint8Array | undefined;
  terms: TradeTerms;
}

export const EXIT_REASONS = ['held', 'target', 'stop', 'signal', 'end'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** Days since 1970-01-01; prices in the game's coin. */
export interface Trade {
  itemId: number;
  decidedDay: number;
  entryDay: number;
  entryPrice: number;
  exitDay: number;
  exitPrice: number;
  reason: ExitReason;
  /** After tax and fee, percent of the price paid; at least -100. */
  returnPct: number;
}

/** Yes or no, from what was known at the end of the day; the item was seen within the window. */
export type Decide = (known: PastWindow, day: number) => boolean;

/** How a rule is tried. */
export interface Trial {
  windowDays: number;
  decide: Decide;
  plan: ExitPlan;
}

/** What the rule would have bought and sold of one item within the span. */
export function tradesOf(series: PastSeries, span: DaySpan, trial: Trial): Trade[] {
  return [...judgedDays(series, span, trial)].filter((trade) => trade !== null);
}

/** The same day by day, null for a day on which the rule was asked in vain, so that whoever runs it may pause in between. */
export function* judgedDays(
  series: PastSeries,
  span: DaySpan,
  { windowDays, decide, plan }: Trial,
): Generator<Trade | null> {
  const known = new PastWindow(series, windowDays);
  for (let day = span.firstDay; day < span.lastDay; day += 1) {
    const entry = entryAfter(series, day, span);
    if (entry === null) return;
    if (!known.advance(day) || !decide(known, day)) {
      yield null;
      continue;
    }
    const trade = { ...positionAt(series, entry, span, plan), decidedDay: day };
    yield trade;
    day = trade.exitDay - 1; // asked again at the end of the day of the sale
  }
}

/** On which days seen within the span the answer was yes, by place. */
export function daysOf(
  series: PastSeries,
  span: DaySpan,
  { windowDays, decide }: Pick<Trial, 'windowDays' | 'decide'>,
): Uint8Array {
  const known = new PastWindow(series, windowDays);
  return Uint8Array.from(series.days, (day) =>
    day >= span.firstDay && day <= span.lastDay && known.advance(day) && decide(known, day) ? 1 : 0,
  );
}

/** Every purchase that was possible within the span, whatever the rule: what random buying draws from. */
export function possibleReturns(series: PastSeries, span: DaySpan, plan: ExitPlan): number[] {
  const returns: number[] = [];
  for (let place = placeFrom(series.days, span.firstDay + 1); place < series.days.length; place += 1) {
    if (series.days[place]! > span.lastDay) break;
    if (series.cleanOpens[place]! >= LEAST_PRICE)
      returns.push(positionAt(series, place, span, plan).returnPct);
  }
  return returns;
}

function entryAfter({ days, cleanOpens }: PastSeries, day: number, span: DaySpan): number | null {
  for (let place = placeFrom(days, day + 1); place < days.length && days[place]! <= span.lastDay; place += 1)
    if (cleanOpens[place]! >= LEAST_PRICE) return place;
  return null;
}

function positionAt(
  { itemId, days, cleanOpens, cleanCloses }: PastSeries,
  entry: number,
  span: DaySpan,
  { holdDays, takeProfitPct, stopLossPct, sellSignals, terms }: ExitPlan,
): Omit<Trade, 'decidedDay'> {
  const [entryDay, entryPrice] = [days[entry]!, cleanOpens[entry]!];
  const returnOf = (price: number): number => (netOfSale(price, terms) / entryPrice - 1) * 100;
  const sold = (place: number, exitPrice: number, reason: ExitReason) => ({
    itemId,
    entryDay,
    entryPrice,
    exitDay: days[place]!,
    exitPrice,
    reason,
    returnPct: returnOf(exitPrice),
  });
  let last = entry;
  let isSignalled = false;
  for (let place = entry + 1; place < days.length && days[place]! <= span.lastDay; place += 1) {
    isSignalled ||= sellSignals?.[place - 1] === 1;
    const price = cleanOpens[place]!;
    if (!(price >= LEAST_PRICE)) continue;
    last = place;
    const returnPct = returnOf(price);
    if (takeProfitPct !== undefined && returnPct >= takeProfitPct) return sold(place, price, 'target');
    if (stopLossPct !== undefined && returnPct <= -stopLossPct) return sold(place, price, 'stop');
    if (isSignalled) return sold(place, price, 'signal');
    if (days[place]! - entryDay >= holdDays) return sold(place, price, 'held');
  }
  return sold(last, cleanCloses[last]!, 'end');
}
