import { addDays, daysBetween, type UtcDay } from './utc-day.js';

// A figure is asked for a span of UTC days, both ends inclusive. "The last 30 days" means [today - 30, today], which are 31
// calendar days: so the original counts, and so the rows of market.window_stat are kept.

export const WINDOW_DAYS = [7, 30, 90, 365] as const;
export type WindowDays = (typeof WINDOW_DAYS)[number];
/** Longer spans than this are for exports, not for a request. */
export const MAX_SPAN_DAYS = 731;
/** Nothing was observed before. */
export const EARLIEST_DAY: UtcDay = '2010-01-01';

export interface Span {
  from: UtcDay;
  to: UtcDay;
}

export type SpanFault =
  | 'window-and-dates'
  | 'half-a-span'
  | 'backwards'
  | 'too-long'
  | 'too-early'
  | 'as-of-and-dates'
  | 'as-of-ahead';

/** @param asked a window ending today or `asOf` a day gone by, or both dates; neither means 30 days */
export function resolveSpan(
  asked: {
    window?: number | undefined;
    asOf?: UtcDay | undefined;
    from?: UtcDay | undefined;
    to?: UtcDay | undefined;
  },
  today: UtcDay,
): Span | SpanFault {
  const { window, asOf, from, to } = asked;
  if (from === undefined && to === undefined) {
    const end = asOf ?? today;
    if (end > today) return 'as-of-ahead';
    return end < EARLIEST_DAY ? 'too-early' : { from: addDays(end, -(window ?? 30)), to: end };
  }
  if (asOf !== undefined) return 'as-of-and-dates';
  if (window !== undefined) return 'window-and-dates';
  if (from === undefined || to === undefined) return 'half-a-span';
  if (from > to) return 'backwards';
  if (from < EARLIEST_DAY) return 'too-early';
  return daysBetween(from, to) > MAX_SPAN_DAYS ? 'too-long' : { from, to };
}

/** The standard window that a span is, or undefined for any other span. */
export function windowOf(span: Span, today: UtcDay): WindowDays | undefined {
  if (span.to !== today) return undefined;
  const days = daysBetween(span.from, span.to);
  return WINDOW_DAYS.find((window) => window === days);
}
