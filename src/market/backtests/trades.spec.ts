import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_TERMS } from '../terms/trade-terms.js';
import { SCANNER_RULE } from '../analytics/scanner-rule.js';
import { comparedWith, randomMean, resultOf } from './backtest-result.js';
import { tableOf } from './one-row.js';
import type { PastSeries } from './past-series.js';
import { PastWindow } from './past-window.js';
import { ruleDecision } from './rule-decision.js';
import { SIGNAL_RULE, signalDecisions } from './signal-rule.js';
import { daysOf, type Decide, type ExitPlan, possibleReturns, type Trade, tradesOf } from './trades.js';

const DAY_MS = 86_400_000;
const PLAN: ExitPlan = { holdDays: 3, takeProfitPct: 20, stopLossPct: 20, terms: NO_TERMS };
const RULE = SCANNER_RULE.parse({ windowDays: 7, minMarginOnCostPct: 5 });

/** @param prices one a day from day 0 on; null for a day without */
function seriesOf(prices: readonly (number | null)[]): PastSeries {
  const seen = prices.flatMap((price, day) => (price === null ? [] : [[day, price] as const]));
  const column = (): Float64Array => Float64Array.from(seen, ([, price]) => price);
  const at = (): Float64Array => Float64Array.from(seen, ([day]) => day * DAY_MS);
  return {
    itemId: 1,
    categoryId: 0,
    days: Int32Array.from(seen, ([day]) => day),
    counts: new Int32Array(seen.length).fill(1),
    means: column(),
    medians: column(),
    closes: column(),
    firstAtMs: at(),
    lastsAtMs: at(),
    cleanOpens: column(),
    cleanCloses: column(),
    cleansAtMs: at(),
  };
}

const price = fc.integer({ min: 50, max: 200 });
const worlds = fc.array(fc.option(price, { freq: 5 }), { minLength: 5, maxLength: 40 }).chain((prices) =>
  fc.record({
    prices: fc.constant(prices),
    day: fc.integer({ min: 0, max: prices.length - 1 }),
    others: fc.array(price, { minLength: prices.length, maxLength: prices.length }),
  }),
);

/** Other prices on every day after one change no decision up to it. */
const looksAtThePastOnly = (decideFor: (series: PastSeries) => Decide) =>
  fc.property(worlds, ({ prices, day, others }) => {
    const decided = (world: readonly (number | null)[]): number[] => {
      const series = seriesOf(world);
      const given = { windowDays: 7, decide: decideFor(series), plan: PLAN };
      return tradesOf(series, { firstDay: 0, lastDay: world.length - 1 }, given)
        .map(({ decidedDay }) => decidedDay)
        .filter((decidedDay) => decidedDay <= day);
    };
    const changed = prices.map((value, place) => (value !== null && place > day ? others[place]! : value));
    expect(decided(changed)).toEqual(decided(prices));
  });

describe('a backtest', () => {
  it('does not look ahead', () => {
    fc.assert(looksAtThePastOnly((series) => ruleDecision(RULE, series, NO_TERMS)));
  });

  it('would be caught looking ahead', () => {
    const leaky = fc.check(
      looksAtThePastOnly((series) => (known, day) => {
        const next = series.days.findIndex((seen) => seen > day);
        const { figures } = tableOf(series);
        known.level('classic', figures);
        return next >= 0 && series.cleanOpens[next]! > figures.lastPrice[0]!;
      }),
      { numRuns: 500 },
    );
    expect(leaky.failed).toBe(true);
  });

  it.each(['classic', 'robust'] as const)('by %s signals does not look ahead', (method) => {
    const rule = SIGNAL_RULE.parse({ method, windowDays: 7 });
    fc.assert(looksAtThePastOnly((series) => signalDecisions(rule, series).buys));
    fc.assert(looksAtThePastOnly((series) => signalDecisions(rule, series).sells));
  });

  it('would be caught knowing one day more', () => {
    for (const decideFor of [
      (series: PastSeries) => ruleDecision(RULE, series, NO_TERMS),
      (series: PastSeries) => signalDecisions(SIGNAL_RULE.parse({ windowDays: 7 }), series).buys,
    ]) {
      const leaky = fc.check(
        looksAtThePastOnly((series) => {
          const [ahead, decide] = [new PastWindow(series, 7), decideFor(series)];
          return (_known, day) => ahead.advance(day + 1) && decide(ahead, day);
        }),
        { numRuns: 2_000 },
      );
      expect(leaky.failed).toBe(true);
    }
  });

  it('sells on the day after a sell signal, which no later price changes', () => {
    const rule = SIGNAL_RULE.parse({ windowDays: 7 });
    fc.assert(
      fc.property(worlds, ({ prices, day, others }) => {
        const sold = (world: readonly (number | null)[]): Trade[] => {
          const series = seriesOf(world);
          const span = { firstDay: 0, lastDay: world.length - 1 };
          const sellSignals = daysOf(series, span, {
            windowDays: 7,
            decide: signalDecisions(rule, series).sells,
          });
          const plan = { holdDays: 365, terms: NO_TERMS, sellSignals };
          return tradesOf(series, span, { windowDays: 7, decide: () => true, plan });
        };
        const signalled = (trades: readonly Trade[]): Trade[] =>
          trades.filter(({ exitDay, reason }) => reason === 'signal' && exitDay <= day);
        const changed = prices.map((value, place) =>
          value !== null && place > day ? others[place]! : value,
        );
        expect(signalled(sold(changed))).toEqual(signalled(sold(prices)));
      }),
    );
  });

  it('buys after the dip that is a signal and sells after the peak that is one', () => {
    const wave = [100, 101, 99, 100, 102, 98, 100, 101, 70, 75, 101, 99, 100, 100, 160, 150, 100];
    const series = seriesOf(wave);
    const span = { firstDay: 7, lastDay: wave.length - 1 };
    const { buys, sells } = signalDecisions(SIGNAL_RULE.parse({ windowDays: 7 }), series);
    const sellSignals = daysOf(series, span, { windowDays: 7, decide: sells });
    const plan = { holdDays: 365, terms: NO_TERMS, sellSignals };
    const [trade] = tradesOf(series, span, { windowDays: 7, decide: buys, plan });
    expect(trade).toMatchObject({
      decidedDay: 8,
      entryDay: 9,
      entryPrice: 75,
      exitDay: 15,
      exitPrice: 150,
      reason: 'signal',
    });
  });

  it('buys by signals only within the bounds of the rule', () => {
    const isBought = (bounds: object, day = 8): boolean => {
      const series = seriesOf([100, 101, 99, 100, 102, 98, 100, 101, 70, null, 101]);
      const { buys } = signalDecisions(SIGNAL_RULE.parse({ windowDays: 7, ...bounds }), series);
      const span = { firstDay: day, lastDay: 10 };
      const [trade] = tradesOf(series, span, { windowDays: 7, decide: buys, plan: PLAN });
      return trade?.decidedDay === day;
    };
    expect(isBought({})).toBe(true);
    for (const missed of [
      { minPrice: 71 },
      { maxPrice: 69 },
      { minN: 9 },
      { itemIds: [2] },
      { categoryIds: [1] },
    ])
      expect(isBought(missed)).toBe(false);
    for (const met of [
      { minPrice: 70 },
      { maxPrice: 70 },
      { minN: 8 },
      { itemIds: [1, 2] },
      { maxAgeDays: 0 },
    ])
      expect(isBought(met)).toBe(true);
    expect([{}, { maxAgeDays: 1 }, { maxAgeDays: 0 }].map((bounds) => isBought(bounds, 9))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('buys after the decision, sells after the purchase, and holds one position at a time', () => {
    fc.assert(
      fc.property(worlds, ({ prices }) => {
        const series = seriesOf(prices);
        const span = { firstDay: 2, lastDay: prices.length - 2 };
        const trades = tradesOf(series, span, { windowDays: 7, decide: () => true, plan: PLAN });
        let freeFrom = span.firstDay;
        for (const { decidedDay, entryDay, exitDay, reason } of trades) {
          expect(decidedDay).toBeGreaterThanOrEqual(freeFrom);
          expect(entryDay).toBeGreaterThan(decidedDay);
          if (reason === 'end') expect(exitDay).toBeGreaterThanOrEqual(entryDay);
          else expect(exitDay).toBeGreaterThan(entryDay);
          expect(exitDay).toBeLessThanOrEqual(span.lastDay);
          freeFrom = exitDay;
        }
        const { exposurePct, maxDrawdownPct } = resultOf(trades, span);
        expect(exposurePct).toBeGreaterThanOrEqual(0);
        expect(exposurePct).toBeLessThanOrEqual(100);
        expect(maxDrawdownPct).toBeGreaterThanOrEqual(0);
        const possible = possibleReturns(series, span, PLAN);
        for (const { returnPct } of trades) expect(possible).toContain(returnPct);
      }),
    );
  });

  it('counts by hand what two trades were worth', () => {
    const terms = { saleTaxPct: 10, listingFeePct: 0 };
    const plan = { holdDays: 2, terms };
    const series = seriesOf([100, 100, 150, 200, 200, 100, 100]);
    const span = { firstDay: 0, lastDay: 6 };
    const trades = tradesOf(series, span, { windowDays: 7, decide: () => true, plan });
    expect(trades.map(({ entryDay, exitDay, reason }) => [entryDay, exitDay, reason])).toEqual([
      [1, 3, 'held'],
      [4, 6, 'held'],
    ]);
    const result = resultOf(trades, span);
    expect(result).toMatchObject({ tradeCount: 2, hitRatePct: 50, mostHeldCount: 1 });
    expect(result.meanReturnPct).toBeCloseTo((80 - 55) / 2, 9);
    expect(result.totalReturnPct).toBeCloseTo(80 - 55, 9);
    expect(result.maxDrawdownPct).toBeCloseTo((55 / 180) * 100, 9);
    expect(result.exposurePct).toBeCloseTo((6 / 7) * 100, 9);
  });

  it('says how many random draws did worse', () => {
    expect(comparedWith(Float64Array.of(1, 2, 3, 4), 3)).toEqual({
      draws: 4,
      meanReturnPct: 2.5,
      worsePct: 50,
      p: 3 / 5,
    });
    expect(randomMean(Float64Array.of(5, 7), 3, () => 0.99)).toBe(7);
  });
});
