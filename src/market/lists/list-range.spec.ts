import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changePct, LIST_RANGES, rangeOf, rangeStartMs } from './list-range.js';

describe('the range of a list', () => {
  it('begins so many days before now', () => {
    const now = Date.UTC(2026, 0, 1);
    const days = LIST_RANGES.map((range) => (now - rangeStartMs(range, now)) / 86_400_000);
    expect(days).toEqual([1, 7, 30, 90, 365]);
  });

  it('is a day where the text is none', () => {
    for (const range of LIST_RANGES) expect(rangeOf(range)).toBe(range);
    for (const text of ['', '24', '30D', 'toString', '__proto__']) expect(rangeOf(text)).toBe('24h');
  });
});

describe('the change of a price', () => {
  const price = fc.double({ min: 0, max: 1e12, noNaN: true });

  it('is finite, or null where there is nothing to compare or the first price is zero', () => {
    fc.assert(
      fc.property(fc.option(price), fc.option(price), (last, previous) => {
        const change = changePct(last, previous);
        if (last === null || previous === null || previous === 0) expect(change).toBeNull();
        else if (previous > 1e-9) expect(Number.isFinite(change)).toBe(true);
      }),
    );
    expect(changePct(150, 100)).toBe(50);
    expect(changePct(0, 100)).toBe(-100);
  });
});
