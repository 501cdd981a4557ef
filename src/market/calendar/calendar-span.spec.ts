import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayOf, portionsOf } from './calendar-span.js';

describe('days of UTC', () => {
  it('go over months, years and leap days', () => {
    expect(dayOf(Date.parse('2026-11-28T23:59:59.999Z'))).toBe('2026-11-28');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  });

  it('fall into portions that follow each other without a gap', () => {
    expect(portionsOf('2026-11-28', '2026-12-03', 3)).toEqual([
      { from: '2026-11-28', to: '2026-11-30' },
      { from: '2026-12-01', to: '2026-12-02' },
    ]);
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 90 }), (days, size) => {
        const end = addDays('2026-11-28', days);
        const portions = portionsOf('2026-11-28', end, size);
        let next = '2026-11-28';
        for (const { from, to } of portions) {
          expect(from).toBe(next);
          expect(to >= from && to < addDays(from, size)).toBe(true);
          next = addDays(to, 1);
        }
        expect(next).toBe(end);
      }),
    );
    expect(portionsOf('2026-12-03', '2026-11-28', 3)).toEqual([]);
  });
});
