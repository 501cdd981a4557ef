import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CalendarMonth,
  dateOfDay,
  dateText,
  dayNumberOf,
  daysOfMonth,
  faultOf,
  type GameCalendar,
  GREGORIAN,
  isGameDate,
  MOST_DAY,
  MOST_YEAR,
  weekdayOf,
} from './game-calendar.js';

const DAY_MS = 86_400_000;
/** Days from the first of year 0 (proleptic) to 1970. */
const UNIX_DAY = 719_528;

const MONTH: fc.Arbitrary<CalendarMonth> = fc.record({
  name: fc.constantFrom('Hammer', 'Midwinter', 'Alturiak'),
  days: fc.integer({ min: 0, max: 40 }),
  isOutsideWeeks: fc.boolean(),
});
const CALENDAR: fc.Arbitrary<GameCalendar> = fc
  .record({
    name: fc.constant('Any'),
    months: fc.array(MONTH, { minLength: 1, maxLength: 14 }),
    weekdays: fc
      .integer({ min: 0, max: 10 })
      .map((count) => Array.from({ length: count }, (_, day) => `d${day}`)),
    firstWeekday: fc.constant(0),
    leapRules: fc.array(
      fc.record({
        month: fc.integer({ min: 1, max: 14 }),
        days: fc.integer({ min: -3, max: 3 }),
        everyYears: fc.integer({ min: 1, max: 30 }),
        offsetYears: fc.integer({ min: -50, max: 50 }),
      }),
      { maxLength: 4 },
    ),
    era: fc.constantFrom('', 'DR'),
  })
  .filter((calendar) => faultOf(calendar) === null);

describe('a calendar of any shape', () => {
  it('gives each day one date and each date that day', () => {
    fc.assert(
      fc.property(CALENDAR, fc.integer({ min: -200_000, max: 200_000 }), (calendar, day) => {
        const date = dateOfDay(calendar, day);
        // A year of few days ends before so many.
        if (date === null) return;
        expect(isGameDate(calendar, date)).toBe(true);
        expect(dayNumberOf(calendar, date)).toBe(day);
      }),
    );
  });

  it('goes from each day to the next: within the month, or to the first of the next that has days', () => {
    fc.assert(
      fc.property(CALENDAR, fc.integer({ min: -30_000, max: 30_000 }), (calendar, day) => {
        const [today, next] = [dateOfDay(calendar, day)!, dateOfDay(calendar, day + 1)!];
        if (today.day < daysOfMonth(calendar, today.year, today.month)) {
          expect(next).toEqual({ ...today, day: today.day + 1 });
          return;
        }
        let { year, month } = today;
        do {
          month = (month % calendar.months.length) + 1;
          if (month === 1) year++;
        } while (daysOfMonth(calendar, year, month) === 0);
        expect(next).toEqual({ year, month, day: 1 });
      }),
    );
  });

  it('counts weekdays on, over all days but those outside of weeks', () => {
    fc.assert(
      fc.property(CALENDAR, fc.integer({ min: -5_000, max: 5_000 }), (calendar, start) => {
        let last: string | null = null;
        for (let day = start; day < start + 60; day++) {
          const today = weekdayOf(calendar, dateOfDay(calendar, day)!);
          if (today === null) continue;
          const { weekdays } = calendar;
          if (last !== null) expect(today).toBe(weekdays[(weekdays.indexOf(last) + 1) % weekdays.length]);
          last = today;
        }
      }),
    );
  });

  it('keeps its numbers exact and bounded in the first and last year', () => {
    fc.assert(
      fc.property(CALENDAR, fc.constantFrom(-MOST_YEAR, MOST_YEAR), (calendar, year) => {
        const month = calendar.months.findIndex((_, index) => daysOfMonth(calendar, year, index + 1) > 0) + 1;
        const date = { year, month, day: 1 };
        const day = dayNumberOf(calendar, date);
        expect(Math.abs(day)).toBeLessThan(MOST_DAY);
        expect(dateOfDay(calendar, day)).toEqual(date);
        expect(isGameDate(calendar, { ...date, year: year + Math.sign(year) })).toBe(false);
      }),
    );
  });

  it('knows no day beyond its years', () => {
    const [last] = [dayNumberOf(GREGORIAN, { year: MOST_YEAR, month: 12, day: 31 })];
    expect(dateOfDay(GREGORIAN, last)).toEqual({ year: MOST_YEAR, month: 12, day: 31 });
    expect(dateOfDay(GREGORIAN, last + 1)).toBeNull();
    expect(dateOfDay(GREGORIAN, 0.5)).toBeNull();
  });
});

describe('the Gregorian calendar as data', () => {
  it('is the one that JavaScript has', () => {
    const days = fc.integer({ min: -2_000_000, max: 5_000_000 });
    fc.assert(
      fc.property(days, (unixDay) => {
        const date = new Date(unixDay * DAY_MS);
        const expected = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        };
        expect(dateOfDay(GREGORIAN, unixDay + UNIX_DAY)).toEqual(expected);
        expect(weekdayOf(GREGORIAN, expected)).toBe(GREGORIAN.weekdays[(date.getUTCDay() + 6) % 7]);
      }),
    );
  });

  it('has no 29 February in 1900, and one in 2000', () => {
    expect(isGameDate(GREGORIAN, { year: 1900, month: 2, day: 29 })).toBe(false);
    expect(isGameDate(GREGORIAN, { year: 2000, month: 2, day: 29 })).toBe(true);
    expect(isGameDate(GREGORIAN, { year: 2000, month: 13, day: 1 })).toBe(false);
    expect(isGameDate(GREGORIAN, { year: 2000, month: 0, day: 1 })).toBe(false);
    expect(isGameDate(GREGORIAN, { year: 2000, month: 1, day: 1.5 })).toBe(false);
  });
});

describe('a calendar that cannot work', () => {
  const month = { name: 'Hammer', days: 30, isOutsideWeeks: false };
  const base: GameCalendar = {
    name: 'Harptos',
    months: [month],
    weekdays: [],
    firstWeekday: 0,
    leapRules: [],
    era: 'DR',
  };

  it.each([
    [{ months: [{ ...month, days: 0 }] }, '/months'],
    [{ leapRules: [{ month: 2, days: 1, everyYears: 4, offsetYears: 0 }] }, '/leapRules/0/month'],
    [{ leapRules: [{ month: 1, days: -31, everyYears: 4, offsetYears: 0 }] }, '/leapRules'],
    [{ firstWeekday: 1 }, '/firstWeekday'],
  ])('is refused with the place of the fault', (change, pointer) => {
    expect(faultOf({ ...base, ...change })).toMatchObject({ pointer });
  });

  it('writes festival days without a number', () => {
    const calendar = { ...base, months: [month, { name: 'Midwinter', days: 1, isOutsideWeeks: true }] };
    expect(dateText(calendar, { year: 1492, month: 1, day: 12 })).toBe('12 Hammer 1492 DR');
    expect(dateText(calendar, { year: 1492, month: 2, day: 1 })).toBe('Midwinter 1492 DR');
  });
});
