import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detachBefore, MONTHS_AHEAD, spanAhead } from './raw-months.js';

const instant = fc.date({
  min: new Date('2010-01-01'),
  max: new Date('2090-01-01'),
  noInvalidDate: true,
});
/** Months since year 0. */
const monthOf = (ms: number): number => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();

describe('raw months', () => {
  it('are made from the one under way to two ahead', () => {
    fc.assert(
      fc.property(instant, (now) => {
        const { firstMs, lastMs } = spanAhead(now.getTime());
        expect(monthOf(firstMs)).toBe(monthOf(now.getTime()));
        expect(monthOf(lastMs)).toBe(monthOf(now.getTime()) + MONTHS_AHEAD);
      }),
    );
  });

  it('leave before the start of a month, with as many whole ones kept as asked', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 1, max: 120 }), (now, months) => {
        const before = detachBefore(now.getTime(), months);
        expect(monthOf(before)).toBe(monthOf(now.getTime()) - months);
        expect(monthOf(before - 1)).toBe(monthOf(before) - 1);
      }),
    );
  });
});
