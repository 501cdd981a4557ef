import type { ListQuestion } from '../analytics/figure-lists.js';
import type { ScannerRule } from '../analytics/scanner-rule.js';
import { TREND_TYPES, type TrendType } from '../analytics/trends.js';
import { integerOf, namesOf, priceOf, type RawQuery, textOf } from './compat-query.js';

// The query strings of the original's lists of items. Those below `resource=market` name their span by dates, those below
// `resource=analysis` by days back from today, and write their keys in snake case. Deviations: no freshness is one of 0 hours, an unknown `trend_type` is bullish
// (there: rows of every kind), `limit` ends at 10,000, a period at two years.

const MAX_ROWS = 10_000;
const MAX_PERIOD_DAYS = 731;

/** What a list is asked for, without the items and categories that it names. */
export function compatQuestion(query: RawQuery, defaultLimit: number): ListQuestion {
  return {
    limit: integerOf(query, 'limit', defaultLimit, 1, MAX_ROWS),
    minPrice: priceOf(query, 'min_price'),
    maxPrice: priceOf(query, 'max_price'),
    minN: 1,
    seenSinceMs: null,
    itemIds: null,
    categoryIds: null,
    after: null,
  };
}

export interface CompatScan {
  limit: number;
  periodDays: number;
  /** Without the items and categories that it names; `windowDays` is not looked at. */
  rule: ScannerRule;
}

export function compatScan(query: RawQuery): CompatScan {
  const freshness = priceOf(query, 'freshness');
  const bounds = {
    minPrice: priceOf(query, 'min_price'),
    maxPrice: priceOf(query, 'max_price'),
    minProfit: priceOf(query, 'min_profit'),
    minMarginOnAveragePct: priceOf(query, 'min_margin'),
    maxAgeH: freshness !== null && freshness > 0 ? freshness : null,
    minVolatilityPct: priceOf(query, 'min_volatility'),
    maxVolatilityPct: priceOf(query, 'max_volatility'),
  };
  return {
    limit: integerOf(query, 'limit', 50, 1, MAX_ROWS),
    periodDays: compatPeriod(query, 7),
    rule: {
      method: 'classic',
      windowDays: 7,
      ...Object.fromEntries(Object.entries(bounds).filter(([, bound]) => bound !== null)),
    },
  };
}

export function compatPeriod(query: RawQuery, defaultDays: number): number {
  return integerOf(query, 'period', defaultDays, 1, MAX_PERIOD_DAYS);
}

export function compatTrendType(query: RawQuery): TrendType {
  const type = textOf(query, 'trend_type');
  return TREND_TYPES.find((known) => known === type) ?? 'bullish';
}

/** Names of the categories that are meant, or null for all. */
export function compatCategories(query: RawQuery): string[] | null {
  return namesOf(query, 'categories');
}
