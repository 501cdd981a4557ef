import { dateOfDay, dateText, type GameCalendar, GREGORIAN } from './game-calendar.js';

/** A campaign's calendar as it is stored; one without a calendar of its own has ours. Stored ones have been judged before. */
export function calendarOf(stored: object | null): GameCalendar {
  return stored === null ? GREGORIAN : (stored as GameCalendar);
}

/** A day in words; null for no day, and for one beyond the years that the calendar has. */
export function dayText(calendar: GameCalendar, day: number | null): string | null {
  const date = day === null ? null : dateOfDay(calendar, day);
  return date === null ? null : dateText(calendar, date);
}
