import { z } from 'zod';
import { WINDOW_DAYS } from '../analytics/analytics-span.js';
import {
  type FigureList,
  type ListedFigure,
  listFigures,
  type ListQuestion,
  signalList,
} from '../analytics/figure-lists.js';
import {
  arePricesInOrder,
  ITEM_SELECTION,
  PRICE_BOUNDS,
  PRICES_OUT_OF_ORDER,
} from '../analytics/scanner-rule.js';
import type { Decide } from './trades.js';
import { tableOf } from './one-row.js';

// Buying by the buy signals of the list, and selling by its sell signals: what bounds an item must keep within to be bought. What
// is held is sold at a sell signal whatever its price.

const DAY_MS = 86_400_000;

export const SIGNAL_RULE = z
  .strictObject({
    method: z.enum(['classic', 'robust']).default('robust'),
    /** Days of history, ending on the day for which the rule is asked. */
    windowDays: z.literal(WINDOW_DAYS).default(30),
    ...PRICE_BOUNDS,
    /** Observations in the window. */
    minN: z.number().int().min(1).max(1_000_000).default(1),
    /** Age of the last day seen. */
    maxAgeDays: z.number().int().min(0).max(3_650).optional(),
    ...ITEM_SELECTION,
  })
  .refine(arePricesInOrder, PRICES_OUT_OF_ORDER);
export type SignalRule = z.output<typeof SIGNAL_RULE>;

/** Whether the item is on the list of buy signals at the end of a day, and whether it is on that of sell signals. */
export function signalDecisions(
  rule: SignalRule,
  item: { itemId: number; categoryId: number },
): { buys: Decide; sells: Decide } {
  const table = tableOf(item);
  const anyPrice: ListQuestion = {
    limit: 1,
    minPrice: null,
    maxPrice: null,
    minN: 1,
    seenSinceMs: null,
    itemIds: rule.itemIds ?? null,
    categoryIds: rule.categoryIds ?? null,
    after: null,
  };
  const bounded = {
    ...anyPrice,
    minPrice: rule.minPrice ?? null,
    maxPrice: rule.maxPrice ?? null,
    minN: rule.minN,
  };
  const decide =
    (list: FigureList<ListedFigure>, questionOn: (day: number) => ListQuestion): Decide =>
    (known, day) => {
      known.signal(rule.method, table.figures);
      return listFigures(list, table, questionOn(day)).length > 0;
    };
  const { maxAgeDays } = rule;
  return {
    buys: decide(
      signalList(rule.method, 'buy'),
      maxAgeDays === undefined
        ? () => bounded
        : (day) => ({ ...bounded, seenSinceMs: (day - maxAgeDays) * DAY_MS }),
    ),
    sells: decide(signalList(rule.method, 'sell'), () => anyPrice),
  };
}
