// The calendar of a world as data: months with lengths, days outside of any week, and leap rules. A day is a number, counted from the first
// day of year 0 (which is day 0; years and days before it are negative), so that days of any calendar are compared and stored alike.
// A leap rule adds days to a month in every n-th year; Gregorian February is +1 every 4, -1 every 100, +1 every 400.
// The sum over years is closed (no loop over years), the way back a binary search over them, since year lengths are positive.

export interface CalendarMonth {
  readonly name: string;
  /** Days in a common year; 0 where the month exists in leap years alone. */
  readonly days: number;
  /** Festival days that no week counts. */
  readonly isOutsideWeeks: boolean;
}

export interface LeapRule {
  /** Which month, 1 = first. */
  readonly month: number;
  /** Days more, or fewer where negative. */
  readonly days: number;
  /** In years whose number minus `offsetYears` this divides. */
  readonly everyYears: number;
  readonly offsetYears: number;
}

export interface GameCalendar {
  readonly name: string;
  readonly months: readonly CalendarMonth[];
  /** In order; empty = no weeks. */
  readonly weekdays: readonly string[];
  /** Which of the weekdays day 0 would be, 0 = first. */
  readonly firstWeekday: number;
  readonly leapRules: readonly LeapRule[];
  /** Behind the year: `DR`, `AD`; may be empty. */
  readonly era: string;
}

export interface GameDate {
  readonly year: number;
  /** 1 = first. */
  readonly month: number;
  /** 1 = first. */
  readonly day: number;
}

/** Years that dates may have, before and after 0; the numbers of their days stay exact, and fit an `int8`. */
export const MOST_YEAR = 1_000_000;
/** A year of the longest calendar (60 months of 1,000 days, and their leap days) times the most years, rounded up. */
export const MOST_DAY = 100_000_000_000;
export const MOST_MONTHS = 60;
export const MOST_MONTH_DAYS = 1_000;
export const MOST_WEEKDAYS = 30;
export const MOST_LEAP_RULES = 20;

export const GREGORIAN: GameCalendar = {
  name: 'Gregorian',
  months: (
    [
      ['January', 31],
      ['February', 28],
      ['March', 31],
      ['April', 30],
      ['May', 31],
      ['June', 30],
      ['July', 31],
      ['August', 31],
      ['September', 30],
      ['October', 31],
      ['November', 30],
      ['December', 31],
    ] as const
  ).map(([name, days]) => ({ name, days, isOutsideWeeks: false })),
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  firstWeekday: 5,
  leapRules: [
    { month: 2, days: 1, everyYears: 4, offsetYears: 0 },
    { month: 2, days: -1, everyYears: 100, offsetYears: 0 },
    { month: 2, days: 1, everyYears: 400, offsetYears: 0 },
  ],
  era: '',
};

export interface CalendarFault {
  /** JSON pointer into the calendar. */
  readonly pointer: string;
  readonly detail: string;
}

/**
 * What keeps a calendar from working although each of its fields is in range; null = nothing. Each rule that takes days away is taken to
 * fall into one year with all the others: a month that could only then be too short is refused too.
 */
export function faultOf(calendar: GameCalendar): CalendarFault | null {
  const fewest = calendar.months.map(({ days }) => days);
  for (const [index, rule] of calendar.leapRules.entries()) {
    if (rule.month > fewest.length)
      return { pointer: `/leapRules/${index}/month`, detail: `there are ${fewest.length} months` };
    if (rule.days < 0) fewest[rule.month - 1]! += rule.days;
  }
  const short = fewest.findIndex((days) => days < 0);
  if (short >= 0)
    return { pointer: '/leapRules', detail: `month ${short + 1} would have fewer than no days` };
  if (fewest.every((days) => days === 0)) return { pointer: '/months', detail: 'a year has to have a day' };
  if (calendar.firstWeekday >= Math.max(1, calendar.weekdays.length))
    return { pointer: '/firstWeekday', detail: `there are ${calendar.weekdays.length} weekdays` };
  return null;
}

/** Days of a month in a year. @param month 1 = first */
export function daysOfMonth(calendar: GameCalendar, year: number, month: number): number {
  let days = calendar.months[month - 1]!.days;
  for (const rule of calendar.leapRules) if (rule.month === month && isYearOf(rule, year)) days += rule.days;
  return days;
}

export function isGameDate(calendar: GameCalendar, { year, month, day }: GameDate): boolean {
  return (
    [year, month, day].every(Number.isSafeInteger) &&
    Math.abs(year) <= MOST_YEAR &&
    month >= 1 &&
    month <= calendar.months.length &&
    day >= 1 &&
    day <= daysOfMonth(calendar, year, month)
  );
}

/** @param date one that `isGameDate` @returns its number, exact */
export function dayNumberOf(calendar: GameCalendar, { year, month, day }: GameDate): number {
  let number = daysBefore(calendar, year, true) + day - 1;
  for (let before = 1; before < month; before++) number += daysOfMonth(calendar, year, before);
  return number;
}

/** @returns null outside of the years that dates may have */
export function dateOfDay(calendar: GameCalendar, dayNumber: number): GameDate | null {
  const isWithin =
    Number.isSafeInteger(dayNumber) &&
    dayNumber >= daysBefore(calendar, -MOST_YEAR, true) &&
    dayNumber < daysBefore(calendar, MOST_YEAR + 1, true);
  if (!isWithin) return null;
  const year = yearOfDay(calendar, dayNumber);
  let left = dayNumber - daysBefore(calendar, year, true);
  for (let month = 1; ; month++) {
    const days = daysOfMonth(calendar, year, month);
    if (left < days) return { year, month, day: left + 1 };
    left -= days;
  }
}

/** @param date one that `isGameDate` @returns null for a day outside of weeks, and where there are none */
export function weekdayOf(calendar: GameCalendar, { year, month, day }: GameDate): string | null {
  if (calendar.weekdays.length === 0 || calendar.months[month - 1]!.isOutsideWeeks) return null;
  let days = daysBefore(calendar, year, false) + day - 1 + calendar.firstWeekday;
  for (let before = 1; before < month; before++)
    if (!calendar.months[before - 1]!.isOutsideWeeks) days += daysOfMonth(calendar, year, before);
  const count = calendar.weekdays.length;
  return calendar.weekdays[((days % count) + count) % count]!;
}

/** `12 Hammer 1492 DR`; of a month that is one day, `Midwinter 1492 DR`. */
export function dateText(calendar: GameCalendar, { year, month, day }: GameDate): string {
  const { name, days } = calendar.months[month - 1]!;
  const parts = [days <= 1 && day === 1 ? name : `${day} ${name}`, `${year}`, calendar.era];
  return parts.filter((part) => part !== '').join(' ');
}

function isYearOf({ everyYears, offsetYears }: LeapRule, year: number): boolean {
  return (year - offsetYears) % everyYears === 0;
}

/** From the beginning of year 0 to that of `year`, negative for years before it. @param isAll with the days that no week counts */
function daysBefore({ months, leapRules }: GameCalendar, year: number, isAll: boolean): number {
  const counts = (month: CalendarMonth): boolean => isAll || !month.isOutsideWeeks;
  let days = 0;
  for (const month of months) if (counts(month)) days += month.days * year;
  for (const { month, days: more, everyYears, offsetYears } of leapRules) {
    if (!counts(months[month - 1]!)) continue;
    const upTo = (end: number): number => Math.floor((end - 1 - offsetYears) / everyYears);
    days += more * (upTo(year) - upTo(0));
  }
  return days;
}

/** The last year that does not begin after the day: year lengths are positive, so beginnings rise. */
function yearOfDay(calendar: GameCalendar, dayNumber: number): number {
  let [low, high] = [-MOST_YEAR, MOST_YEAR];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (daysBefore(calendar, middle, true) <= dayNumber) low = middle;
    else high = middle - 1;
  }
  return low;
}
