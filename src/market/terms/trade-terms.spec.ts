import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { netOfSale, NO_TERMS } from './trade-terms.js';

const price = fc.double({ min: 0, max: 1e12, noNaN: true });
const pct = fc.double({ min: 0, max: 100, noNaN: true });
const terms = fc.record({ saleTaxPct: pct, listingFeePct: pct });

describe('what the seller keeps', () => {
  it('is the price where selling costs nothing', () => {
    fc.assert(fc.property(price, (asked) => expect(netOfSale(asked, NO_TERMS)).toBe(asked)));
  });

  it('is between nothing and the price, and never grows with a tax or a fee', () => {
    fc.assert(
      fc.property(price, terms, pct, (asked, given, more) => {
        const kept = netOfSale(asked, given);
        expect(kept).toBeGreaterThanOrEqual(0);
        expect(kept).toBeLessThanOrEqual(asked);
        expect(netOfSale(asked, { ...given, saleTaxPct: given.saleTaxPct + more })).toBeLessThanOrEqual(kept);
      }),
    );
  });

  it('is 96 of 100 after two per cent each', () => {
    expect(netOfSale(100, { saleTaxPct: 2, listingFeePct: 2 })).toBeCloseTo(96, 10);
  });
});
