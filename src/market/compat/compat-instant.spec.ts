import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatInstant, parseInstantMs } from './compat-instant.js';

describe('instants', () => {
  it.each([
    ['2026-11-21T11:00:00Z', Date.UTC(2026, 10, 21, 11)],
    ['2026-11-21T11:00:00.5Z', Date.UTC(2026, 10, 21, 11, 0, 0, 500)],
    ['2026-11-21T11:00:00.123456Z', Date.UTC(2026, 10, 21, 11, 0, 0, 123) + 0.456],
    ['2026-11-21T11:00:00.123400789Z', Date.UTC(2026, 10, 21, 11, 0, 0, 123) + 0.4],
  ])('%s is %d', (text, ms) => expect(parseInstantMs(text)).toBeCloseTo(ms, 3));

  it('of no date is not a number', () => expect(parseInstantMs('today')).toBeNaN());

  it.each([
    ['2026-11-21T11:00:00.123000', '2026-11-21T11:00:00.123+00:00'],
    ['2026-11-21T11:00:00.000000', '2026-11-21T11:00:00.000+00:00'],
    ['2026-11-21T11:00:00.123456', '2026-11-21T11:00:00.123456+00:00'],
  ])('%s is written %s', (utc, text) => expect(formatInstant(utc)).toBe(text));

  it('survive being written and read', () => {
    const micros = fc.integer({ min: 0, max: 999_999 });
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        micros,
        (date, us) => {
          const utc = `${date.toISOString().slice(0, 19)}.${String(us).padStart(6, '0')}`;
          const seconds = Date.parse(`${utc.slice(0, 19)}Z`);
          const written = formatInstant(utc);
          expect(parseInstantMs(written.replace('+00:00', 'Z')) - seconds).toBeCloseTo(us / 1_000, 2);
          expect(Date.parse(written)).toBe(seconds + Math.floor(us / 1_000));
        },
      ),
    );
  });
});
