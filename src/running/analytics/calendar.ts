// Days, weeks and months as runners count them. A run belongs to the day that its own clock showed at its start, wherever its runner lives:
// a Monday in Tokyo stays one after the flight home. Days are numbers (since 1970-01-01), so that they can be added and compared.

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export const PERIODS = ['week', 'month', 'year', 'all'] as const;
export type Period = (typeof PERIODS)[number];

/** Days of a period: the first, and the one after the last. */
export interface DaySpan {
  readonly from: number;
  readonly to: number;
}

/** The day that a clock in the zone shows. A zone that there is none of counts as UTC: rows may hold what files said. */
export function localDay(at: Date, timeZone: string | null): number {
  const parts = formatOf(timeZone ?? 'UTC').formatToParts(at);
  const number = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return dayOf(number('year'), number('month'), number('day'));
}

/** @param month 1 to 12; others are months of other years */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** @param date YYYY-MM-DD that there is */
export function dayOfDate(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** YYYY-MM-DD */
export function dateOfDay(day: number): string {
  return instantOfDay(day).toISOString().slice(0, 10);
}

/** Its beginning in UTC. */
export function instantOfDay(day: number): Date {
  return new Date(day * DAY_MS);
}

export function yearOfDay(day: number): number {
  return instantOfDay(day).getUTCFullYear();
}

/** 1 to 12. */
export function monthOfDay(day: number): number {
  return instantOfDay(day).getUTCMonth() + 1;
}

/** The week (from Monday), month or year that a day lies in; null for all time. */
export function periodAround(period: Period, day: number): DaySpan | null {
  const [year, month] = [yearOfDay(day), monthOfDay(day)];
  switch (period) {
    case 'week': {
      // 1970-01-01 was a Thursday.
      const monday = day - ((((day + 3) % 7) + 7) % 7);
      return { from: monday, to: monday + 7 };
    }
    case 'month':
      return { from: dayOf(year, month, 1), to: dayOf(year, month + 1, 1) };
    case 'year':
      return { from: dayOf(year, 1, 1), to: dayOf(year + 1, 1, 1) };
    case 'all':
      return null;
  }
}

/** Instants within which every run of these days began, whatever its zone: zones are up to 14 hours from UTC. */
export function instantsAround({ from, to }: DaySpan): { from: Date; to: Date } {
  return { from: instantOfDay(from - 1), to: instantOfDay(to + 1) };
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = newFormat(timeZone);
  // Text of a file may name any number of zones that there are none of.
  if (formats.size < 1000) formats.set(timeZone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: 'UTC' });
  }
}
