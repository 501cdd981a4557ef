import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type HarvestWorld, mapsWithin, placeCounts, placesOf } from './harvest-world.js';

const small: HarvestWorld = {
  subareas: new Map(
    [
      { id: 1, areaId: 0, level: 1, isOnWorldMap: true, resourceIds: [10, 20] },
      { id: 2, areaId: 0, level: 1, isOnWorldMap: true, resourceIds: [5, 20] },
      { id: 3, areaId: 0, level: 1, isOnWorldMap: false, resourceIds: [10] },
    ].map((subarea) => [subarea.id, subarea]),
  ),
  maps: [
    { id: 100, x: 0, y: 0, subareaId: 1 },
    { id: 101, x: 0, y: 0, subareaId: 2 },
    { id: 102, x: 1, y: 0, subareaId: 2 },
    { id: 103, x: 2, y: 0, subareaId: 3 },
    { id: 104, x: 1, y: 0, subareaId: 2 },
  ],
};

describe('places', () => {
  it('are maps of the world with something wanted; those at one place are one with all that grows there', () => {
    expect(placesOf(small, new Set([10, 5]))).toEqual([
      { id: 100, x: 0, y: 0, subareaId: 1, resourceIds: [5, 10] },
      { id: 102, x: 1, y: 0, subareaId: 2, resourceIds: [5] },
    ]);
    expect(placesOf(small, new Set([10, 20]), new Set([1]))).toEqual([
      { id: 101, x: 0, y: 0, subareaId: 2, resourceIds: [20] },
      { id: 102, x: 1, y: 0, subareaId: 2, resourceIds: [20] },
    ]);
    expect(placesOf(small, new Set([99]))).toEqual([]);
  });

  it('are counted by subarea, and shown once within bounds', () => {
    expect([...placeCounts(small)]).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(mapsWithin(small, { minX: 0, maxX: 5, minY: -1, maxY: 0 }).map(({ id }) => id)).toEqual([
      100, 102,
    ]);
    expect(mapsWithin(small, { minX: 5, maxX: 0, minY: 0, maxY: 0 })).toEqual([]);
  });

  it('are each at a place of their own and grow what was wanted, and more wishes never lose one', () => {
    const resource = fc.integer({ min: 1, max: 6 });
    const world = fc.array(
      fc.record({
        x: fc.integer({ min: 0, max: 3 }),
        y: fc.integer({ min: 0, max: 3 }),
        subareaId: fc.integer({ min: 1, max: 3 }),
      }),
    );
    const ids = fc.uniqueArray(resource);
    fc.assert(
      fc.property(
        world,
        ids,
        ids,
        fc.array(ids, { minLength: 3, maxLength: 3 }),
        (maps, wanted, more, grown) => {
          const made: HarvestWorld = {
            subareas: new Map(
              grown.map((resourceIds, at) => [
                at + 1,
                { id: at + 1, areaId: 0, level: 0, isOnWorldMap: true, resourceIds: [...resourceIds].sort() },
              ]),
            ),
            maps: maps.map((map, id) => ({ id, ...map })),
          };
          const places = placesOf(made, new Set(wanted));
          expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(places.length);
          for (const place of places) {
            expect(place.resourceIds.length).toBeGreaterThan(0);
            expect(wanted).toEqual(expect.arrayContaining(place.resourceIds));
          }
          const wider = new Map(
            placesOf(made, new Set([...wanted, ...more])).map((p) => [`${p.x},${p.y}`, p]),
          );
          for (const { x, y, resourceIds } of places)
            expect(wider.get(`${x},${y}`)?.resourceIds).toEqual(expect.arrayContaining(resourceIds));
        },
      ),
    );
  });
});
