import type { FigureTable } from '../analytics/figure-table.js';
import { FIGURES } from '../analytics/series-figure.js';

/** A table of one item, for rules that look at tables; figures that no rule looks at are never filled in. */
export function tableOf({ itemId, categoryId }: { itemId: number; categoryId: number }): FigureTable {
  return {
    itemIds: Int32Array.of(itemId),
    categoryIds: Int32Array.of(categoryId),
    figures: Object.fromEntries(
      FIGURES.map((name) => [name, Float64Array.of(Number.NaN)]),
    ) as FigureTable['figures'],
  };
}
