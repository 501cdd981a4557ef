import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRange, recent } from './range.js';

const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01T00:00:00Z') });

describe('a range', () => {
  it('holds its ends, and is refused where it is empty or backwards', () => {
    fc.assert(
      fc.property(instant, instant, (one, other) => {
        const read = readRange({ from: one.toISOString(), to: other.toISOString() });
        if (one < other) expect(read).toEqual({ from: one, to: other, environment: null });
        else expect(read).toMatchObject({ field: 'to' });
      }),
    );
  });

  it('may be open, and names the end that there is not', () => {
    expect(readRange({})).toEqual({ from: null, to: null, environment: null });
    expect(readRange({ from: '2026-13-01T00:00:00Z' })).toMatchObject({ field: 'from' });
    expect(readRange({ to: '2026-01-01T99:00:00Z' })).toMatchObject({ field: 'to' });
  });

  it('without a beginning is of the 30 days before its end, or before now', () => {
    const now = Date.parse('2026-03-31T12:00:00Z');
    const fromOf = (asked: object): string => {
      const read = readRange(asked);
      return 'fault' in read ? read.fault : recent(read, now).from.toISOString();
    };
    expect(fromOf({})).toBe('2026-03-01T12:00:00.000Z');
    expect(fromOf({ to: '2025-01-31T00:00:00Z' })).toBe('2025-01-01T00:00:00.000Z');
    expect(fromOf({ from: '2020-01-01T00:00:00Z' })).toBe('2020-01-01T00:00:00.000Z');
  });
});
