import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, type FigureTable, replaceSeries } from './figure-table.js';

/** A table of these items whose figures are the value, apart by column. */
function tableOf(series: ReadonlyMap<number, number>): FigureTable {
  const sorted = [...series].sort(([a], [b]) => a - b);
  return {
    itemIds: Int32Array.from(sorted, ([itemId]) => itemId),
    categoryIds: Int32Array.from(sorted, ([, value]) => value),
    figures: columnsOf((_name, place) => Float64Array.from(sorted, ([, value]) => value + place)),
  };
}

const ids = fc.integer({ min: 1, max: 40 });

describe('a table of which some series have changed', () => {
  it('is what it would be if it were made anew', () => {
    fc.assert(
      fc.property(
        fc.array(ids),
        fc.array(fc.tuple(ids, fc.option(fc.integer({ min: 100, max: 999 })))),
        (before, changes) => {
          const series = new Map(before.map((itemId) => [itemId, -itemId]));
          const changed = new Map(changes);
          const fresh = new Map([...changed].flatMap(([id, value]) => (value === null ? [] : [[id, value]])));
          const table = replaceSeries(tableOf(series), Int32Array.from(changed.keys()), tableOf(fresh));
          for (const itemId of changed.keys()) series.delete(itemId);
          for (const [itemId, value] of fresh) series.set(itemId, value);
          expect(table).toEqual(tableOf(series));
        },
      ),
    );
  });
});
