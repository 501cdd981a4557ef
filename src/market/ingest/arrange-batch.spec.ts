import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { arrangeBatch } from './arrange-batch.js';
import { byItem, sourceKey } from './point.js';

const aSource = (id: number, name = `source ${id}`) => ({ id, key: sourceKey(name, '') });

const sent = fc.record({
  itemId: fc.integer({ min: 1, max: 6 }),
  source: fc.integer({ min: 1, max: 3 }).map((id) => aSource(id)),
  capturedAtMs: fc.nat(4).map((n) => 1_700_000_000_000 + n),
  price: fc.double({ min: 0.01, max: 1e12, noNaN: true }),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
});

describe('arrangeBatch', () => {
  it('sorts by item, time, price, source and lots, and among equal points keeps the order sent', () => {
    const observations = [
      { capturedAtMs: 30 },
      { capturedAtMs: 10, lots: 2 },
      { capturedAtMs: 20 },
      { capturedAtMs: 10 },
      { capturedAtMs: 10, price: 99 },
      { capturedAtMs: 10 },
    ].map((given) => anObservation(given));
    // Of a source that came later and has a name that comes first.
    const sources = [1, 1, 1, 1, 1, 9].map((id) => aSource(id, id === 9 ? 'a' : 'b'));
    const points = arrangeBatch(observations, [5, 5, 2, 5, 5, 5], sources);
    expect(points.map(({ origin }) => origin)).toEqual([2, 4, 5, 3, 1, 0]);
    expect(byItem(points).map((run) => run.length)).toEqual([1, 5]);
  });

  it('makes nothing of nothing', () => {
    expect([arrangeBatch([], [], []), byItem([])]).toEqual([[], []]);
  });

  it('loses, doubles and changes nothing, and depends on what was sent alone', () => {
    const shuffled = fc
      .array(sent)
      .chain((points) =>
        fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
      );
    fc.assert(
      fc.property(shuffled, (orders) => {
        const [first, second] = orders.map((points) =>
          arrangeBatch(
            points.map(({ capturedAtMs, price, lots }) => anObservation({ capturedAtMs, price, lots })),
            points.map(({ itemId }) => itemId),
            points.map(({ source }) => source),
          ).map(({ origin, standing, ...said }) => {
            expect(said).toEqual(points[origin]);
            expect(standing).toBe('new');
            return said;
          }),
        );
        expect(first).toEqual(second);
        expect(first).toHaveLength(orders[0].length);
      }),
    );
  });
});
