import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FigureTable } from '../analytics/figure-table.js';
import { median, robustDeviation } from '../analytics/order-statistics.js';
import type { PriceSeries } from '../analytics/price-series.js';
import { figureOf, FIGURES, type SeriesFigure } from '../analytics/series-figure.js';
import { tableOf } from './one-row.js';
import type { PastSeries } from './past-series.js';
import { PastWindow } from './past-window.js';
import { SortedWindow } from './sorted-window.js';

const DAY_MS = 86_400_000;

/** Prices of few values, so that there are ties; zeros, which have no logarithm; days of flagged prices alone. */
const price = fc.oneof(fc.constantFrom(0, 1, 2, 3, 100), fc.double({ min: 0.01, max: 1e6, noNaN: true }));
const seen = fc.record({ mean: price, median: price, close: price, n: fc.integer({ min: 1, max: 9 }) });
const series = fc
  .array(fc.option(fc.tuple(seen, fc.option(price)), { freq: 4 }), { minLength: 1, maxLength: 60 })
  .map((days): PastSeries => {
    const found = days.flatMap((given, day) => (given === null ? [] : [[day, ...given] as const]));
    const column = (of: (row: (typeof found)[number]) => number): Float64Array =>
      Float64Array.from(found, of);
    const clean = column(([, , flagged]) => flagged ?? Number.NaN);
    return {
      itemId: 1,
      categoryId: 0,
      days: Int32Array.from(found, ([day]) => day),
      counts: Int32Array.from(found, ([, { n }]) => n),
      means: column(([, { mean }]) => mean),
      medians: column(([, row]) => row.median),
      closes: column(([, { close }]) => close),
      firstAtMs: column(([day]) => day * DAY_MS),
      lastsAtMs: column(([day]) => day * DAY_MS + 2),
      cleanOpens: clean,
      cleanCloses: clean,
      cleansAtMs: column(([day]) => day * DAY_MS + 1),
    };
  });

/** The days of the window, cut out plainly. */
function knownAt(past: PastSeries, day: number, windowDays: number): PriceSeries | null {
  const places = [...past.days.keys()].filter(
    (place) => past.days[place]! <= day && past.days[place]! >= day - windowDays,
  );
  if (places.length === 0) return null;
  const [first, last] = [places[0]!, places.at(-1)!];
  const clean = places.findLast((place) => !Number.isNaN(past.cleanCloses[place]!));
  const cut = <T extends Int32Array | Float64Array>(column: T): T => column.slice(first, last + 1) as T;
  return {
    days: cut(past.days),
    counts: cut(past.counts),
    means: cut(past.means),
    medians: cut(past.medians),
    firstAtMs: cut(past.firstAtMs),
    lastPrice: past.closes[last]!,
    lastAtMs: past.lastsAtMs[last]!,
    cleanPrice: clean === undefined ? Number.NaN : past.cleanCloses[clean]!,
    cleanAtMs: clean === undefined ? Number.NaN : past.cleansAtMs[clean]!,
  };
}

/** The figures that are written; infinite are those that are not. */
function written(write: (row: FigureTable['figures']) => void): Partial<SeriesFigure> {
  const { figures } = tableOf({ itemId: 1, categoryId: 0 });
  for (const name of FIGURES) figures[name][0] = Infinity;
  write(figures);
  return Object.fromEntries(
    FIGURES.filter((name) => figures[name][0] !== Infinity).map((name) => [name, figures[name][0]]),
  );
}

describe('the window of a past day', () => {
  it('has to the last bit the figures of the days that it holds, whichever days are asked for', () => {
    const jumps = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(series, fc.constantFrom(1, 7, 30), jumps, (past, windowDays, steps) => {
        const known = new PastWindow(past, windowDays);
        let day = 0;
        for (const step of steps) {
          day += step;
          const plain = knownAt(past, day, windowDays);
          expect(known.advance(day)).toBe(plain !== null);
          if (plain === null) continue;
          const figures: SeriesFigure = figureOf(plain, { firstDay: day - windowDays, lastDay: day });
          for (const method of ['classic', 'robust'] as const) {
            expect(figures).toMatchObject(written((row) => known.level(method, row)));
            // Without a reference nobody looks at the volatility, of which there is one for two days already.
            const { classicVolatilityPct, ...signal } = written((row) => known.signal(method, row));
            expect(figures).toMatchObject(signal);
            if (signal.classicReference! >= 0)
              expect(classicVolatilityPct).toBe(figures.classicVolatilityPct);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('numbers that come and go', () => {
  it('have the median and the deviation of those that are there', () => {
    // Logarithms of ratios of prices: there is no negative zero among them.
    const values = fc.array(
      fc
        .oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -9, max: 9 }))
        .map((value) => value + 0),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(values, fc.nat(), (numbers, cut) => {
        const window = new SortedWindow(numbers.length);
        for (const value of numbers) window.add(value);
        const gone = cut % numbers.length;
        for (const value of numbers.slice(0, gone)) window.remove(value);
        const kept = numbers.slice(gone);
        expect(window.size).toBe(kept.length);
        expect(window.median()).toBe(median(kept));
        expect(window.robustDeviation()).toBe(robustDeviation(kept));
        const middle = median(kept);
        expect(robustDeviation(kept)).toBe(1.4826 * median(kept.map((value) => Math.abs(value - middle))));
      }),
      { numRuns: 500 },
    );
  });
});
