import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type FigureList,
  type ListedFigure,
  listFigures,
  type ListQuestion,
  signalList,
  trendList,
  volatilityList,
} from './figure-lists.js';
import { figureTable, type FigureRow } from './figure-table.js';
import { figureOf } from './series-figure.js';
import { TREND_TYPES } from './trends.js';

const DAY_MS = 86_400_000;
const SPAN = { firstDay: 20_000, lastDay: 20_030 };
const QUESTION: ListQuestion = {
  limit: 1_000,
  minPrice: null,
  maxPrice: null,
  minN: 1,
  seenSinceMs: null,
  itemIds: null,
  categoryIds: null,
  after: null,
};

/** Servers of some items; prices of few values, so that there are ties. */
const tables = fc
  .array(
    fc.record({
      categoryId: fc.integer({ min: 0, max: 2 }),
      prices: fc.array(fc.option(fc.constantFrom(0, 1, 2, 3, 5, 8)), { minLength: 31, maxLength: 31 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((items) =>
    figureTable(items.flatMap(({ categoryId, prices }, place) => rowOf(place + 1, categoryId, prices))),
  );

function rowOf(itemId: number, categoryId: number, prices: (number | null)[]): FigureRow[] {
  const seen = prices.flatMap((price, day) => (price === null ? [] : [{ day: 20_000 + day, price }]));
  const [last] = seen.slice(-1);
  if (!last) return [];
  const values = Float64Array.from(seen, ({ price }) => price);
  const series = {
    days: Int32Array.from(seen, ({ day }) => day),
    counts: Int32Array.from(seen, () => 1),
    means: values,
    medians: values,
    firstAtMs: Float64Array.from(seen, ({ day }) => day * DAY_MS),
    lastPrice: last.price,
    lastAtMs: last.day * DAY_MS,
    cleanPrice: last.price,
    cleanAtMs: last.day * DAY_MS,
  };
  return [{ itemId, categoryId, ...figureOf(series, SPAN) }];
}

const METHODS = ['classic', 'robust'] as const;
const LISTS = METHODS.flatMap((method): [string, FigureList<ListedFigure>][] => [
  ...(['desc', 'asc'] as const).map((order): [string, FigureList<ListedFigure>] => [
    `volatility ${method} ${order}`,
    volatilityList(method, order),
  ]),
  ...(['buy', 'sell'] as const).map((side): [string, FigureList<ListedFigure>] => [
    `signals ${method} ${side}`,
    signalList(method, side),
  ]),
  ...TREND_TYPES.map((type): [string, FigureList<ListedFigure>] => [
    `trends ${method} ${type}`,
    trendList(method, type),
  ]),
]);

describe.each(LISTS)('%s', (_name, list) => {
  it('is walked page by page, whole and in order', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 4 }), (table, limit) => {
        const all = listFigures(list, table, QUESTION);
        const keys = all.map(({ sortKey, itemId }) => [sortKey, itemId] as const);
        expect(keys).toEqual([...keys].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
        const walked: typeof all = [];
        for (;;) {
          const last = walked.at(-1);
          const after = last ? ([last.sortKey, last.itemId] as const) : null;
          const page = listFigures(list, table, { ...QUESTION, limit, after });
          walked.push(...page);
          if (page.length < limit) break;
        }
        expect(walked).toEqual(all);
        for (const row of all)
          for (const value of Object.values(row)) expect(value === null || Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('shows what passes its filters', () => {
    const filters = fc.record({
      minPrice: fc.option(fc.integer({ min: 0, max: 8 })),
      maxPrice: fc.option(fc.integer({ min: 0, max: 8 })),
      minN: fc.integer({ min: 1, max: 20 }),
      seenSinceMs: fc.option(fc.integer({ min: 20_000, max: 20_030 }).map((day) => day * DAY_MS)),
      itemIds: fc.option(fc.subarray([1, 2, 3, 4, 5, 6])),
      categoryIds: fc.option(fc.subarray([1, 2])),
    });
    fc.assert(
      fc.property(tables, filters, (table, filter) => {
        const expected = listFigures(list, table, QUESTION).filter(
          ({ price, itemId, place }) =>
            price >= (filter.minPrice ?? 0) &&
            price <= (filter.maxPrice ?? 8) &&
            table.figures.n[place]! >= filter.minN &&
            table.figures.lastAtMs[place]! >= (filter.seenSinceMs ?? 0) &&
            (filter.itemIds === null || filter.itemIds.includes(itemId)) &&
            (filter.categoryIds === null || filter.categoryIds.includes(table.categoryIds[place]!)),
        );
        expect(listFigures(list, table, { ...QUESTION, ...filter })).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

it('no item is on both sides, or of two trends', () => {
  fc.assert(
    fc.property(tables, fc.constantFrom(...METHODS), (table, method) => {
      const ids = (list: FigureList<ListedFigure>): number[] =>
        listFigures(list, table, QUESTION).map(({ itemId }) => itemId);
      const sides = [...ids(signalList(method, 'buy')), ...ids(signalList(method, 'sell'))];
      expect(new Set(sides).size).toBe(sides.length);
      const trends = TREND_TYPES.flatMap((type) => ids(trendList(method, type)));
      expect(new Set(trends).size).toBe(trends.length);
    }),
  );
});
