import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyDelta, MAX_STOCK, outOfRange, type StockLine, sumLines } from './stock-sums.js';

const lines = (least: number) =>
  fc.array(
    fc.record({
      externalId: fc.integer({ min: 1, max: 9 }),
      quantity: fc.integer({ min: least, max: 2 ** 31 - 1 }),
    }),
    { maxLength: 40 },
  );
const total = (list: readonly StockLine[]): number => list.reduce((sum, { quantity }) => sum + quantity, 0);

describe('lines of a stock', () => {
  it('are summed by id: nothing is lost, no id comes twice, ids ascend', () => {
    fc.assert(
      fc.property(lines(0), (list) => {
        const sums = sumLines(list);
        expect([...sums.values()].reduce((a, b) => a + b, 0)).toBe(total(list));
        const ids = [...sums.keys()];
        expect(ids).toEqual([...new Set(list.map(({ externalId }) => externalId))].sort((a, b) => a - b));
      }),
    );
  });

  it('come to the same in any order', () => {
    const shuffled = lines(-100).chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect([...sumLines(other)]).toEqual([...sumLines(list)]);
      }),
    );
  });
});

describe('a delta', () => {
  it('and its opposite leave what there was', () => {
    fc.assert(
      fc.property(lines(0), lines(-1_000), (before, moved) => {
        const held = sumLines(before);
        const delta = sumLines(moved);
        const back = new Map([...delta].map(([id, quantity]) => [id, -quantity]));
        const after = applyDelta(new Map([...held, ...applyDelta(held, delta)]), back);
        for (const [id, quantity] of after) expect(quantity).toBe(held.get(id) ?? 0);
      }),
    );
  });

  it('names what would be below zero or above the limit', () => {
    const held = new Map([
      [1, 5],
      [2, MAX_STOCK],
      [3, 5],
    ]);
    const delta = new Map([
      [1, -6],
      [2, 1],
      [3, -5],
      [4, -1],
      [5, 1],
    ]);
    const after = applyDelta(held, delta);
    expect([...after]).toEqual([
      [1, -1],
      [2, MAX_STOCK + 1],
      [3, 0],
      [4, -1],
      [5, 1],
    ]);
    expect(outOfRange(after)).toEqual([1, 2, 4]);
  });
});
