import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { erasureOrder } from './erasure-order.js';

const name = fc.oneof(fc.constantFrom('vault', 'identity', 'jobs'), fc.stringMatching(/^[a-z]{1,8}$/));

describe('the order of an erasure', () => {
  it('holds every handler once, keys first and the account last, however they come', () => {
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const order = erasureOrder(names);
        expect([...order].sort()).toEqual([...new Set(names)].sort());
        expect(erasureOrder([...names].reverse())).toEqual(order);
        if (names.includes('vault')) expect(order[0]).toBe('vault');
        if (names.includes('identity')) expect(order.at(-1)).toBe('identity');
      }),
    );
  });
});
