import { z } from 'zod';
import { WINDOW_DAYS } from './analytics-span.js';

// One rule says which items of a server are worth a look. The scanner answers it, alerts wait for it and backtests try it on the
// past, so that all three mean the same. Prices are in the game's coin for one unit.

export const SCANNER_METHODS = ['classic', 'document', 'robust'] as const;
export type ScannerMethod = (typeof SCANNER_METHODS)[number];

const price = z.number().min(0).max(1e12);
const pct = z.number().min(-100).max(1e6);

/** What a current price must keep within. */
export const PRICE_BOUNDS = { minPrice: price.optional(), maxPrice: price.optional() };

/** Bounds that exclude each other are a slip, and no rule. */
export function arePricesInOrder({
  minPrice = 0,
  maxPrice = Infinity,
}: z.output<z.ZodObject<typeof PRICE_BOUNDS>>): boolean {
  return minPrice <= maxPrice;
}
export const PRICES_OUT_OF_ORDER = {
  message: 'is below minPrice: nothing would ever match',
  path: ['maxPrice'],
};

/** Ids are int4 in the database. */
const id = z.number().int().positive().max(2_147_483_647);

/** Which items a rule is about; all of them where neither is given. */
export const ITEM_SELECTION = {
  /** Ids of categories; an item is in one of them. */
  categoryIds: z.array(id).min(1).max(200).optional(),
  itemIds: z.array(id).min(1).max(500).optional(),
};

export const SCANNER_RULE = z
  .strictObject({
    method: z.enum(SCANNER_METHODS).default('robust'),
    /** Days of history, ending on the day for which the rule is asked. */
    windowDays: z.literal(WINDOW_DAYS).default(30),
    ...PRICE_BOUNDS,
    /** Average price less current price; `robust`: after tax and fees. */
    minProfit: z.number().min(-1e12).max(1e12).optional(),
    /** Profit as a share of the current price, percent. */
    minMarginOnCostPct: pct.optional(),
    /** Profit as a share of the average price, percent. */
    minMarginOnAveragePct: pct.optional(),
    minVolatilityPct: pct.optional(),
    maxVolatilityPct: pct.optional(),
    /** Age of the current price in hours. */
    maxAgeH: z.number().positive().max(87_600).optional(),
    /** Observations in the window. */
    minN: z.number().int().min(1).max(1_000_000).optional(),
    /** 0 to 1. */
    minConfidence: z.number().min(0).max(1).optional(),
    ...ITEM_SELECTION,
  })
  .refine(arePricesInOrder, PRICES_OUT_OF_ORDER)
  .refine(
    ({ minVolatilityPct = -Infinity, maxVolatilityPct = Infinity }) => minVolatilityPct <= maxVolatilityPct,
    {
      message: 'is below minVolatilityPct: nothing would ever match',
      path: ['maxVolatilityPct'],
    },
  );
export type ScannerRule = z.output<typeof SCANNER_RULE>;

/** What the scanner knows of one item. */
export interface ScannerFigure {
  itemId: number;
  categoryId: number | null;
  /** By `classic` the newest price, by `robust` the newest that is not flagged. */
  currentPrice: number;
  /** Typical price of the window: by `classic` the mean of the daily means, by `robust` the median of the daily medians. */
  averagePrice: number;
  profit: number;
  /** Null where the current price is zero. */
  marginOnCostPct: number | null;
  /** Null where the average price is zero. */
  marginOnAveragePct: number | null;
  /** Null where there are too few days. */
  volatilityPct: number | null;
  n: number;
  days: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  confidence: number;
}

/** Whether the rule's bounds hold; which items it names is part of them. @param nowMs Unix time for which the rule is asked */
export function matchesRule(rule: ScannerRule, figure: ScannerFigure, nowMs: number): boolean {
  const atLeast = (value: number | null, bound: number | undefined): boolean =>
    bound === undefined || (value !== null && value >= bound);
  const atMost = (value: number | null, bound: number | undefined): boolean =>
    bound === undefined || (value !== null && value <= bound);
  const ageH = (nowMs - figure.lastSeenAt.getTime()) / 3_600_000;
  return (
    atLeast(figure.currentPrice, rule.minPrice) &&
    atMost(figure.currentPrice, rule.maxPrice) &&
    atLeast(figure.profit, rule.minProfit) &&
    atLeast(figure.marginOnCostPct, rule.minMarginOnCostPct) &&
    atLeast(figure.marginOnAveragePct, rule.minMarginOnAveragePct) &&
    atLeast(figure.volatilityPct, rule.minVolatilityPct) &&
    atMost(figure.volatilityPct, rule.maxVolatilityPct) &&
    atMost(ageH, rule.maxAgeH) &&
    atLeast(figure.n, rule.minN) &&
    atLeast(figure.confidence, rule.minConfidence) &&
    (rule.categoryIds === undefined ||
      (figure.categoryId !== null && rule.categoryIds.includes(figure.categoryId))) &&
    (rule.itemIds === undefined || rule.itemIds.includes(figure.itemId))
  );
}
