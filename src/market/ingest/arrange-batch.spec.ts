import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { arrangeBatch, itemsOf } from './arrange-batch.js';

const point = fc.record({
  itemId: fc.integer({ min: 1, max: 6 }),
  sourceId: fc.integer({ min: 1, max: 3 }),
  capturedAtMs: fc.nat(4).map((n) => 1_700_000_000_000 + n),
  price: fc.double({ min: 0.01, max: 1e12, noNaN: true }),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('arrangeBatch', () => {
  it('sorts by item, then by time, then by price, and among equal points keeps the order sent', () => {
    const observations = [30, 10, 20, 10].map((second) => anObservation({ capturedAtMs: second }));
    const columns = arrangeBatch(observations, [5, 5, 2, 5], [1, 2, 3, 4]);
    expect([...columns.origin]).toEqual([2, 1, 3, 0]);
    expect([...columns.itemIds]).toEqual([2, 5, 5, 5]);
    expect([...columns.capturedAtMs]).toEqual([20, 10, 10, 30]);
    expect([...columns.sourceIds]).toEqual([3, 2, 4, 1]);
    expect([...itemsOf(columns)]).toEqual([2, 5]);
  });

  it('makes nothing of nothing', () => {
    const columns = arrangeBatch([], [], []);
    expect([columns.itemIds, itemsOf(columns)]).toEqual([new Int32Array(0), new Int32Array(0)]);
  });

  it('loses, doubles and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(point), (points) => {
        const columns = arrangeBatch(
          points.map((p) => anObservation(p)),
          points.map((p) => p.itemId),
          points.map((p) => p.sourceId),
        );
        expect([...columns.origin].sort((a, b) => a - b)).toEqual(points.map((_, index) => index));
        columns.origin.forEach((element, row) => {
          const { itemId, sourceId, capturedAtMs, price, lots } = points[element]!;
          expect([columns.itemIds[row], columns.sourceIds[row], columns.capturedAtMs[row]]).toEqual([
            itemId,
            sourceId,
            capturedAtMs,
          ]);
          expect([columns.prices[row], columns.lots[row]]).toEqual([price, lots]);
          if (row === 0) return;
          const before = [
            columns.itemIds[row - 1]!,
            columns.capturedAtMs[row - 1]!,
            columns.prices[row - 1]!,
            columns.origin[row - 1]!,
          ];
          const here = [itemId, capturedAtMs, price, element];
          const difference = here.findIndex((part, k) => part !== before[k]);
          expect(here[difference]!).toBeGreaterThan(before[difference]!);
        });
        const items = [...new Set(points.map(({ itemId }) => itemId))].sort((a, b) => a - b);
        expect([...itemsOf(columns)]).toEqual(items);
      }),
    );
  });
});
