import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween, utcDayOf } from './utc-day.js';

const day = fc.integer({ min: 0, max: 40_000 }).map((number) => utcDayOf(number * 86_400_000));

it('adding and counting days belong together, and order is that of the texts', () => {
  fc.assert(
    fc.property(day, day, (from, to) => {
      const count = daysBetween(from, to);
      expect(addDays(from, count)).toBe(to);
      expect(Math.sign(count)).toBe(from === to ? 0 : from < to ? 1 : -1);
    }),
  );
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  expect(utcDayOf(Date.parse('2026-11-21T23:59:59.999Z'))).toBe('2026-11-21');
});
