import { EARLIEST_DAY, type Span } from '../analytics/analytics-span.js';
import { addDays, type UtcDay, utcDayOf } from '../analytics/utc-day.js';
import { integerOf, namesOf, priceOf, type RawQuery, textOf } from './compat-query.js';

// The query strings of the original's /api/market_v2. Its dates are whatever `new Date` reads, cut to the UTC day, both ends
// inclusive. Deviations that no client can notice: dates that cannot be read are refused with 400 (there: 500), an unknown
// `order` is descending (there: rows in no order), `limit` ends at 10,000.

const LATEST_DAY: UtcDay = '2100-01-01';
const MAX_ROWS = 10_000;
const DEFAULT_SERIES_DAYS = 30;

export type CompatSpanFault = 'missing' | 'unreadable';

export interface CompatMovers {
  limit: number;
  order: 'desc' | 'asc' | 'abs';
  /** Bounds of the last day's mean, inclusive, kamas for one unit. */
  minPrice: number | null;
  maxPrice: number | null;
}

/** The UTC day of a text that `new Date` reads, moved into the time that prices are kept for; null for any other. */
export function compatDay(text: string): UtcDay | null {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return null;
  const least = Date.parse(EARLIEST_DAY);
  return utcDayOf(Math.min(Date.parse(LATEST_DAY), Math.max(least, ms)));
}

/** `from` and `to` of the calls that need both. */
export function compatSpan(query: RawQuery): Span | CompatSpanFault {
  const [from, to] = [textOf(query, 'from'), textOf(query, 'to')];
  return from === '' || to === '' ? 'missing' : spanOf(from, to);
}

/** The same of the time series, where each has a default: 30 days, until today. */
export function compatSeriesSpan(query: RawQuery, today: UtcDay): Span | CompatSpanFault {
  const from = textOf(query, 'from') || addDays(today, -DEFAULT_SERIES_DAYS);
  return spanOf(from, textOf(query, 'to') || today);
}

export function compatMovers(query: RawQuery): CompatMovers {
  const order = textOf(query, 'order');
  return {
    limit: integerOf(query, 'limit', 20, 1, MAX_ROWS),
    order: order === 'asc' || order === 'abs' ? order : 'desc',
    minPrice: priceOf(query, 'min_price'),
    maxPrice: priceOf(query, 'max_price'),
  };
}

/** Names of the items that are meant, or null for all. */
export function compatItems(query: RawQuery): string[] | null {
  return namesOf(query, 'filterItems');
}

function spanOf(fromText: string, toText: string): Span | CompatSpanFault {
  const [from, to] = [compatDay(fromText), compatDay(toText)];
  return from === null || to === null ? 'unreadable' : { from, to };
}
