import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  classicReference,
  classicTarget,
  robustReference,
  robustTarget,
  SIGNAL_Z,
  trailingMedian,
  zScoreOf,
} from './signals.js';

const series = fc
  .uniqueArray(fc.record({ day: fc.nat(60), price: fc.integer({ min: 0, max: 10_000 }) }), {
    minLength: 1,
    maxLength: 30,
    selector: ({ day }) => day,
  })
  .map((days) => days.sort((a, b) => a.day - b.day));

describe('the classic reference', () => {
  it('is the mean of the last seven days seen with the volatility of all', () => {
    fc.assert(
      fc.property(series, (days) => {
        const prices = days.map(({ price }) => price);
        const found = classicReference(prices);
        if (prices.length < 3) expect(found).toBeNull();
        else {
          let [sum, count] = [0, 0];
          for (let place = prices.length - 1; place >= 0 && count < 7; place -= 1, count += 1)
            sum += prices[place]!;
          expect(found!.reference).toBeCloseTo(sum / count, 6);
          const [buy, sell] = [classicTarget(found!, 'buy'), classicTarget(found!, 'sell')];
          expect((buy + sell) / 2).toBeCloseTo(found!.reference, 3);
          expect(sell).toBeGreaterThanOrEqual(buy);
        }
      }),
    );
  });

  it('never buys where prices double and halve', () => {
    expect(classicTarget(classicReference([1, 9, 1, 9, 1, 9, 1])!, 'buy')).toBeLessThan(0);
  });
});

describe('the robust reference', () => {
  it('knows the days before the last alone', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 1e9 }), (days, other) => {
        const [numbers, prices] = [days.map(({ day }) => day), days.map(({ price }) => price)];
        const last = numbers.at(-1)!;
        const week = days.slice(0, -1).filter(({ day }) => last - day <= 7);
        const ordered = week.map(({ price }) => price).sort((a, b) => a - b);
        const expected =
          ordered.length === 0
            ? null
            : (ordered[(ordered.length - 1) >> 1]! + ordered[ordered.length >> 1]!) / 2;
        expect(trailingMedian(numbers, prices)).toBe(expected);
        const [one, two] = [1, other].map((price) =>
          robustReference(numbers, [...prices.slice(0, -1), price]),
        );
        expect(one).toEqual(two);
        const isKnown = expected !== null && expected > 0 && prices.slice(0, -1).filter(Boolean).length >= 4;
        expect(one !== null).toBe(isKnown);
      }),
    );
  });

  it('has its targets two volatilities off, where z is two', () => {
    const reference = { reference: 100, volatility: 0.1 };
    expect(zScoreOf(robustTarget(reference, 'buy'), reference)).toBeCloseTo(-SIGNAL_Z, 9);
    expect(zScoreOf(robustTarget(reference, 'sell'), reference)).toBeCloseTo(SIGNAL_Z, 9);
  });

  it('says nothing of a last day without a price', () => {
    expect(robustReference([1, 2, 3, 4, 5, 6], [5, 5, 5, 5, 5, 0])).toBeNull();
  });
});
