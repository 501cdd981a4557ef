import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ChainFigure,
  chainIndex,
  classicIndex,
  linkOf,
  linksOf,
  type MarketDay,
  roundHalfAway,
  winsorise,
} from './market-index.js';

const logs = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('the classic index', () => {
  const items = fc.array(
    fc.record({
      first: fc.integer({ min: 1, max: 10_000 }),
      last: fc.integer({ min: 0, max: 10_000 }),
      days: fc.integer({ min: 2, max: 31 }),
    }),
    { minLength: 1, maxLength: 30 },
  );

  it('is the mean of the changes, each as often as its days', () => {
    fc.assert(
      fc.property(items, (given) => {
        const each = given.flatMap(({ first, last, days }) =>
          Array.from({ length: days }, () => ((last - first) / first) * 100),
        );
        const middle = each.reduce((sum, pct) => sum + pct, 0) / each.length;
        const variance = each.reduce((sum, pct) => sum + (pct - middle) ** 2, 0) / each.length;
        const found = classicIndex({
          weightedPct: each.reduce((sum, pct) => sum + pct, 0),
          weightedSquares: each.reduce((sum, pct) => sum + pct ** 2, 0),
          weight: each.length,
        })!;
        expect(Math.abs(found.changePct - middle)).toBeLessThanOrEqual(0.005 + 1e-9 * Math.abs(middle));
        // The difference of two squares has lost half of its digits.
        expect(Math.abs(found.dispersionPct - Math.sqrt(variance))).toBeLessThan(
          0.006 + 1e-3 * Math.sqrt(variance) + 1e-7 * Math.abs(middle),
        );
      }),
    );
  });

  it('says nothing of nothing', () => {
    expect(classicIndex({ weightedPct: null, weightedSquares: null, weight: null })).toBeNull();
  });
});

/** A chain of one link, with these logarithms of price ratios. */
function robustIndex(given: readonly number[]): ChainFigure | null {
  const itemIds = Int32Array.from(given, (_, place) => place + 1);
  const day = (number: number, price: (log: number) => number): MarketDay => ({
    day: number,
    itemIds,
    medians: Float64Array.from(given, price),
  });
  return chainIndex(linksOf([day(1, () => 1), day(2, Math.exp)]));
}

/** Prices of up to eight items on up to six days; some are not seen, some cost nothing. */
const worlds = fc.array(
  fc.array(fc.option(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000 }))), {
    minLength: 8,
    maxLength: 8,
  }),
  { minLength: 1, maxLength: 6 },
);
function marketDays(world: readonly (readonly (number | null)[])[]): MarketDay[] {
  return world.map((prices, day) => {
    const seen = prices.flatMap((price, item) => (price === null ? [] : [{ item, price }]));
    return {
      day,
      itemIds: Int32Array.from(seen, ({ item }) => item),
      medians: Float64Array.from(seen, ({ price }) => price),
    };
  });
}

describe('the chain', () => {
  it('is the product of what each pair of days says of the items seen on both', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let [change, spread, matches, union] = [1, 0, 0, 0];
        for (let day = 1; day < world.length; day += 1) {
          const pairs = world[day]!.map((last, item) => [world[day - 1]![item] ?? 0, last ?? 0] as const);
          const logs = pairs.filter(([a, b]) => a > 0 && b > 0).map(([a, b]) => Math.log(b / a));
          union += pairs.filter(([a, b]) => a > 0 || b > 0).length;
          if (logs.length === 0) continue;
          const ordered = [...logs].sort((a, b) => a - b);
          const at = (share: number): number => {
            const place = share * (ordered.length - 1);
            const [low, high] = [ordered[Math.floor(place)]!, ordered[Math.ceil(place)]!];
            return low + (high - low) * (place % 1);
          };
          const pulled = logs.map((log) => Math.max(at(0.05), Math.min(at(0.95), log)));
          change *= Math.exp(pulled.reduce((a, b) => a + b) / logs.length);
          const middle = at(0.5);
          const distances = logs.map((log) => Math.abs(log - middle)).sort((a, b) => a - b);
          const half = (distances.length - 1) / 2;
          spread += logs.length * 1.4826 * ((distances[Math.floor(half)]! + distances[Math.ceil(half)]!) / 2);
          matches += logs.length;
        }
        const found = chainIndex(linksOf(marketDays(world)));
        if (matches === 0) expect(found).toBeNull();
        else
          expect(found).toEqual({
            changePct: expect.closeTo((change - 1) * 100, 3),
            dispersionPct: expect.closeTo(Math.expm1(spread / matches) * 100, 3),
            coverage: expect.closeTo(matches / union, 9),
          });
      }),
    );
  });

  it('adds up from its parts, and does not move because items come and go', () => {
    fc.assert(
      fc.property(worlds, fc.nat(5), (world, cut) => {
        const links = linksOf(marketDays(world));
        const factorOf = (part: typeof links): number => 1 + (chainIndex(part)?.changePct ?? 0) / 100;
        const [before, after] = [factorOf(links.slice(0, cut)), factorOf(links.slice(cut))];
        // Percents have four decimals, so each factor may be off by half a millionth.
        const slack = 0.6e-6 * (before + after + 1);
        expect(Math.abs(before * after - factorOf(links))).toBeLessThanOrEqual(slack);
      }),
    );
    const [before, after] = marketDays([
      [5, null, 7, 0],
      [5, 900, null, 3],
    ]);
    expect(linkOf(before!, after!)).toEqual({ logChange: 0, dispersion: 0, matchedCount: 1, seenCount: 4 });
  });
});

describe('the robust index', () => {
  it('of a rise and the fall that undoes it is zero, where the classic one says +25 %', () => {
    expect(robustIndex([Math.log(2), Math.log(0.5)])!.changePct).toBe(0);
    expect(classicIndex({ weightedPct: 100 - 50, weightedSquares: 12_500, weight: 2 })!.changePct).toBe(25);
  });

  it('turns round with time, and goes along with a change of all prices', () => {
    fc.assert(
      fc.property(logs, fc.double({ min: -1, max: 1, noNaN: true }), (given, shift) => {
        const forth = Math.log1p(robustIndex(given)!.changePct / 100);
        const back = Math.log1p(robustIndex(given.map((log) => -log))!.changePct / 100);
        expect(forth + back).toBeCloseTo(0, 3);
        const moved = Math.log1p(robustIndex(given.map((log) => log + shift))!.changePct / 100);
        expect(moved).toBeCloseTo(forth + shift, 3);
      }),
    );
  });

  it('is not moved by how absurd an absurd item is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 40, maxLength: 60 }),
        (given) => {
          const mild = robustIndex([...given, 1])!.changePct;
          expect(robustIndex([...given, 25])!.changePct).toBeCloseTo(mild, 9);
        },
      ),
    );
  });

  it('lies within the changes of its items', () => {
    fc.assert(
      fc.property(logs, (given) => {
        const log = Math.log1p(robustIndex(given)!.changePct / 100);
        expect(log).toBeGreaterThanOrEqual(Math.min(...given) - 1e-4);
        expect(log).toBeLessThanOrEqual(Math.max(...given) + 1e-4);
        const pulled = winsorise(given);
        expect(pulled).toHaveLength(given.length);
      }),
    );
    expect(robustIndex([])).toBeNull();
  });
});

it.each([
  [1.005, 2, 1.01],
  [-1.005, 2, -1.01],
  [2.5, 0, 3],
  [-2.5, 0, -3],
  [-0, 2, 0],
  [1234.5678, 2, 1234.57],
])('%d is rounded to %d decimals as PostgreSQL does: %d', (value, decimals, expected) => {
  expect(roundHalfAway(value, decimals)).toBe(expected);
});
