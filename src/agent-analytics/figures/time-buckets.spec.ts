import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BUCKETS, isTooLong, isZone, spanOf } from './time-buckets.js';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const bucket = fc.constantFrom(...BUCKETS);
const end = fc.option(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01T00:00:00Z') }),
);

describe('the span of a series', () => {
  it('keeps what was asked for, fills in what was not, and is never empty', () => {
    fc.assert(
      fc.property(bucket, end, end, (kind, from, to) => {
        fc.pre(from === null || to === null || from < to);
        const span = spanOf(kind, { from, to }, NOW);
        if (from !== null) expect(span.from).toEqual(from);
        if (to !== null) expect(span.to).toEqual(to);
        expect(span.from < span.to).toBe(true);
        if (from === null) expect(isTooLong(kind, span)).toBe(false);
      }),
    );
  });

  it('is too long at 2,000 buckets', () => {
    const of = (hours: number): boolean =>
      isTooLong('hour', { from: new Date(NOW - hours * 3_600_000), to: new Date(NOW) });
    expect([of(1_998), of(1_999)]).toEqual([false, true]);
  });
});

describe('a zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu'])('is %s', (name) =>
    expect(isZone(name)).toBe(true),
  );
  it.each(['', '+01:00', 'Berlin', 'europe/berlin ', "UTC'; --", 'Mars/Olympus'])('is not %p', (name) =>
    expect(isZone(name)).toBe(false),
  );
});
