import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPlace, readSessionFilter, SESSION_SORTS, SORT_ORDERS } from './session-filter.js';

const RANGE = { from: null, to: null, environment: null };
const bound = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });

describe('a filter', () => {
  it('is refused where its bounds exclude each other, and kept as it is otherwise', () => {
    fc.assert(
      fc.property(bound, bound, bound, bound, (minCostUsd, maxCostUsd, minLatencyS, maxLatencyS) => {
        const asked = { minCostUsd, maxCostUsd, minLatencyS, maxLatencyS };
        const read = readSessionFilter(asked, RANGE, 0);
        const isCrossed = (least?: number, most?: number): boolean =>
          least !== undefined && most !== undefined && least > most;
        if (isCrossed(minCostUsd, maxCostUsd)) expect(read).toMatchObject({ field: 'maxCostUsd' });
        else if (isCrossed(minLatencyS, maxLatencyS)) expect(read).toMatchObject({ field: 'maxLatencyS' });
        else
          expect(read).toMatchObject({
            minCostUsd: minCostUsd ?? null,
            maxCostUsd: maxCostUsd ?? null,
            minLatencyS: minLatencyS ?? null,
            maxLatencyS: maxLatencyS ?? null,
          });
      }),
    );
  });
});

describe('a place', () => {
  const sort = fc.constantFrom(...SESSION_SORTS);
  const order = fc.constantFrom(...SORT_ORDERS);

  it('comes back as it was written, and only in its own list', () => {
    const key = fc.oneof(fc.double({ min: -1, max: 1e12, noNaN: true }), fc.nat(), fc.constant(1.7e15 + 1));
    fc.assert(
      fc.property(
        sort,
        order,
        key,
        fc.string(),
        sort,
        order,
        (own, ownOrder, number, id, other, otherOrder) => {
          const parts = [own, ownOrder, String(number), id] as const;
          expect(readPlace(parts, own, ownOrder)).toEqual({
            key: number === 0 ? expect.closeTo(0) : number,
            id,
          });
          const isSame = own === other && ownOrder === otherOrder;
          expect(readPlace(parts, other, otherOrder) !== null).toBe(isSame);
        },
      ),
    );
  });

  it('is none where its key is no number that there is', () => {
    for (const key of ['', 'x', '1e999', 'NaN', 'Infinity', '9e15', '0x10', '1 1', '--1', '1e', '1.2.3'])
      expect(readPlace(['costUsd', 'asc', key, 'x'], 'costUsd', 'asc')).toBe(null);
  });
});
