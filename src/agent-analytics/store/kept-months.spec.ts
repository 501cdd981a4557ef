import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstKeptMonth } from './kept-months.js';

const years = fc.integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2090, 0, 1) });

describe('firstKeptMonth', () => {
  it('keeps so many whole months, across years', () => {
    expect(firstKeptMonth(Date.parse('2026-01-31T23:59:59Z'), 3)).toBe('2025-10-01');
    expect(firstKeptMonth(Date.parse('2026-03-01T00:00:00Z'), 1)).toBe('2026-02-01');
  });

  it('keeps everything where nothing is to go', () => {
    fc.assert(fc.property(years, (nowMs) => firstKeptMonth(nowMs, 0) === null));
  });

  it('never drops the current month, and more the fewer are kept', () => {
    fc.assert(
      fc.property(years, fc.integer({ min: 1, max: 11 }), (nowMs, months) => {
        const [fewer, more] = [firstKeptMonth(nowMs, months)!, firstKeptMonth(nowMs, months + 1)!];
        expect(more < fewer).toBe(true);
        expect(Date.parse(fewer)).toBeLessThanOrEqual(nowMs - 27 * 86_400_000 * months);
      }),
    );
  });
});
