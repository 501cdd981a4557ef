import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PricedDay, thinDays } from './thin-days.js';

const DAY_MS = 86_400_000;
const dayOf = (index: number, median: number, spread = 0): PricedDay => ({
  startMs: index * DAY_MS,
  low: Math.max(0, median - spread),
  high: median + spread,
  median,
});
const worlds = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), median: fc.nat(1e12), spread: fc.nat(1e6) }), {
    maxLength: 200,
  })
  .map((rows) => {
    let at = 0;
    return rows.map(({ gap, median, spread }) => dayOf((at += gap), median, spread));
  });
const sizes = fc.integer({ min: 3, max: 60 });

describe('thinned days', () => {
  it('are all of them where they fit, and else as many as fit', () => {
    fc.assert(
      fc.property(worlds, sizes, (days, most) => {
        const thinned = thinDays(days, most);
        if (days.length <= most) expect(thinned).toEqual(days);
        else expect(thinned).toHaveLength(most);
      }),
    );
  });

  it('are days that were, in their order, with both ends', () => {
    fc.assert(
      fc.property(worlds, sizes, (days, most) => {
        const medians = new Map(days.map(({ startMs, median }) => [startMs, median]));
        const thinned = thinDays(days, most);
        for (const { startMs, median } of thinned) expect(medians.get(startMs)).toBe(median);
        const times = thinned.map(({ startMs }) => startMs);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect([thinned[0], thinned.at(-1)]).toEqual([days[0], days.at(-1)]);
      }),
    );
  });

  it('reach as far as all days do', () => {
    fc.assert(
      fc.property(worlds, sizes, (days, most) => {
        fc.pre(days.length > 0);
        const ends = (seen: readonly PricedDay[]): number[] => [
          Math.min(...seen.map(({ low }) => low)),
          Math.max(...seen.map(({ high }) => high)),
        ];
        expect(ends(thinDays(days, most))).toEqual(ends(days));
      }),
    );
  });

  it('keep the one day that stands out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 98 }), fc.constantFrom(1, 900), (peak, price) => {
        const days = Array.from({ length: 100 }, (_, index) => dayOf(index, index === peak ? price : 100));
        expect(thinDays(days, 10).map(({ median }) => median)).toContain(price);
      }),
    );
  });
});
