import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketStarts, localDayOf, localWeekOf } from './bucket-starts.js';
import { BUCKETS } from './time-buckets.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ZONES = Intl.supportedValuesOf('timeZone');
/** Where clocks change at midnight, by half an hour, or across the date line. */
const ODD_ZONES = [
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'America/Asuncion',
  'America/Scoresbysund',
];
const zones = fc.oneof(fc.constantFrom(...ZONES), fc.constantFrom(...ODD_ZONES));
const instants = fc.integer({ min: Date.UTC(2015, 0) / MINUTE_MS, max: Date.UTC(2035, 0) / MINUTE_MS });
const spans = fc
  .tuple(instants, fc.integer({ min: 1, max: 40 * 1_440 }))
  .map(([at, length]) => ({ from: new Date(at * MINUTE_MS), to: new Date((at + length) * MINUTE_MS) }));

const walls = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows, by another way than the code's. */
function wallOf(atMs: number, tz: string): { date: string; hour: number; minute: number } {
  const wall =
    walls.get(tz) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' });
  walls.set(tz, wall);
  const text = wall.format(atMs);
  return { date: text.slice(0, 10), hour: Number(text.slice(11, 13)), minute: Number(text.slice(14, 16)) };
}

describe('the starts of buckets', () => {
  it('ascend, cover the span, and none lies outside of it but the first', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BUCKETS), spans, zones, (bucket, span, tz) => {
        const starts = bucketStarts(bucket, span, tz);
        expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
        expect(starts[0]!).toBeLessThanOrEqual(span.from.getTime());
        expect(starts[1] ?? Infinity).toBeGreaterThan(span.from.getTime());
        expect(starts.at(-1)!).toBeLessThan(span.to.getTime());
      }),
      { numRuns: 200 },
    );
  });

  it('are where the date of the zone changes, and nowhere else', () => {
    fc.assert(
      fc.property(spans, zones, (span, tz) => {
        const starts = bucketStarts('day', span, tz);
        for (const [index, start] of starts.entries()) {
          const date = wallOf(start, tz).date;
          expect(wallOf(start - 1, tz).date < date).toBe(true);
          const end = Math.min(starts[index + 1] ?? span.to.getTime(), span.to.getTime());
          expect([tz, wallOf(end - 1, tz).date]).toEqual([tz, date]);
          // Hour by hour, so that a change of clocks within the day is met.
          for (let at = start; at < end; at += 59 * MINUTE_MS)
            expect([tz, at, wallOf(at, tz).date]).toEqual([tz, at, date]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of weeks are those of Mondays', () => {
    fc.assert(
      fc.property(spans, zones, (span, tz) => {
        const days = new Set(bucketStarts('day', { ...span, from: new Date(+span.from - 9 * DAY_MS) }, tz));
        for (const start of bucketStarts('week', span, tz)) {
          expect(days.has(start)).toBe(true);
          expect(new Date(`${wallOf(start, tz).date}T00:00:00Z`).getUTCDay()).toBe(1);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of hours are full ones by the wall, but for those that were jumped over; none is longer than 90 minutes', () => {
    fc.assert(
      fc.property(spans, zones, (span, tz) => {
        const starts = bucketStarts('hour', span, tz);
        for (const [index, start] of starts.entries()) {
          const [now, before] = [wallOf(start, tz), wallOf(start - 1, tz)];
          expect(now.minute === 0 || now.hour > before.hour || now.date > before.date).toBe(true);
          if (index > 0) expect(start - starts[index - 1]!).toBeLessThanOrEqual(90 * MINUTE_MS);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['day', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-30T12:00Z', [24, 23, 24]],
    ['day', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-26T12:00Z', [24, 25, 24]],
    ['day', 'America/Havana', '2026-10-31T12:00Z', '2026-11-02T12:00Z', [24, 25, 24]],
    ['day', 'America/Sao_Paulo', '2018-11-03T12:00Z', '2018-11-05T12:00Z', [24, 23, 24]],
    ['day', 'Pacific/Apia', '2011-12-29T12:00Z', '2011-12-31T12:00Z', [24, 24, 24]],
    ['hour', 'Australia/Lord_Howe', '2026-10-03T14:30Z', '2026-10-03T17:00Z', [1, 0.5, 1]],
    ['hour', 'Australia/Lord_Howe', '2026-04-04T13:30Z', '2026-04-04T17:00Z', [1, 1.5, 1, 1]],
    ['hour', 'Europe/Berlin', '2026-10-25T00:00Z', '2026-10-25T03:00Z', [1, 1, 1]],
  ] as const)('by %s in %s from %s to %s are so many hours apart', (bucket, tz, from, to, hours) => {
    const span = { from: new Date(from), to: new Date(to) };
    const starts = bucketStarts(bucket, span, tz);
    const after = bucketStarts(bucket, { ...span, to: new Date(+span.to + 3 * DAY_MS) }, tz);
    expect(starts.map((start, index) => (after[index + 1]! - start) / 3_600_000)).toEqual(hours);
  });
});

describe('a day and a week of a zone', () => {
  it('are those of its clocks', () => {
    fc.assert(
      fc.property(instants, zones, (minute, tz) => {
        const { date } = wallOf(minute * MINUTE_MS, tz);
        const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
        expect(localDayOf(minute * MINUTE_MS, tz)).toBe(day);
        const monday = new Date((localWeekOf(minute * MINUTE_MS, tz) * 7 - 3) * DAY_MS);
        expect(monday.getUTCDay()).toBe(1);
        expect(day * DAY_MS - monday.getTime()).toBeLessThan(7 * DAY_MS);
      }),
    );
  });
});
