import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { growTree, type TreePlace, wayUp, wouldHoldItself } from './location-tree.js';

const mapOf = (places: readonly TreePlace[]) => new Map(places.map((place) => [place.id, place]));

/** Each place lies in one before it, or at the top. */
const FOREST = fc.array(fc.nat(), { minLength: 1, maxLength: 60 }).map((seeds) =>
  seeds.map((seed, index): TreePlace => {
    const parent = seed % (index + 1);
    return { id: `p${index}`, parentId: parent === index ? null : `p${parent}` };
  }),
);

/** Anything: unknown parents, circles, itself. */
const TANGLE = fc
  .array(fc.option(fc.integer({ min: 0, max: 30 })), { minLength: 1, maxLength: 25 })
  .map((parents) =>
    parents.map((parent, index): TreePlace => ({
      id: `p${index}`,
      parentId: parent === null ? null : `p${parent}`,
    })),
  );

describe('a move', () => {
  it('keeps the tree a tree exactly where the new parent does not lie within what is moved', () => {
    fc.assert(
      fc.property(FOREST, fc.nat(), fc.nat(), (forest, one, other) => {
        const [moved, to] = [forest[one % forest.length]!, forest[other % forest.length]!];
        const ways = wayUp(to.id, mapOf(forest)).map(({ id }) => id);
        const after = mapOf(forest);
        after.set(moved.id, { id: moved.id, parentId: to.id });
        // The slow way: with as many steps up as there are places, every place of a tree is above its top.
        const isTree = forest.every(({ id }) => {
          let at: string | null = id;
          for (let step = 0; step <= forest.length && at !== null; step++) at = after.get(at)!.parentId;
          return at === null;
        });
        expect(wouldHoldItself(moved.id, ways)).toBe(!isTree);
      }),
    );
  });
});

describe('the way up', () => {
  it('ends on any tangle, passes nothing twice, and begins at the place', () => {
    fc.assert(
      fc.property(TANGLE, (places) => {
        for (const { id } of places) {
          const way = wayUp(id, mapOf(places)).map((place) => place.id);
          expect(way[0]).toBe(id);
          expect(new Set(way).size).toBe(way.length);
        }
      }),
    );
  });

  it('is empty for what is not known', () => {
    expect(wayUp('p1', mapOf([{ id: 'p0', parentId: null }]))).toEqual([]);
  });
});

describe('a grown tree', () => {
  it('holds each place once, parents before children, one deeper than they', () => {
    fc.assert(
      fc.property(FOREST, (forest) => {
        const grown = growTree(forest);
        expect(grown).toHaveLength(forest.length);
        const depths = new Map<string, number>();
        for (const { place, depth, parentId } of grown) {
          expect(parentId).toBe(place.parentId);
          expect(depth).toBe(parentId === null ? 0 : depths.get(parentId)! + 1);
          depths.set(place.id, depth);
        }
      }),
    );
  });

  it('loses nothing in a circle or below a parent that is not given', () => {
    fc.assert(
      fc.property(TANGLE, (places) => {
        const ids = growTree(places).map(({ place }) => place.id);
        expect(ids.toSorted()).toEqual(places.map(({ id }) => id).toSorted());
      }),
    );
  });

  it('names no parent that was not given', () => {
    const [only] = growTree([{ id: 'cellar', parentId: 'hidden' }]);
    expect(only).toMatchObject({ depth: 0, parentId: null });
  });

  it('ends on a chain and on a circle of ten thousand places', () => {
    const chain = Array.from({ length: 10_000 }, (_, index): TreePlace => ({
      id: `p${index}`,
      parentId: index === 0 ? null : `p${index - 1}`,
    }));
    expect(growTree(chain).at(-1)!.depth).toBe(9_999);
    expect(wayUp('p9999', mapOf(chain))).toHaveLength(10_000);
    expect(growTree(chain, 3)).toHaveLength(4);
    const circle = [{ id: 'p0', parentId: 'p9999' }, ...chain.slice(1)];
    expect(growTree(circle)).toHaveLength(10_000);
    expect(wayUp('p5000', mapOf(circle))).toHaveLength(10_000);
  });

  it('keeps the order given beside each other, whatever lies within', () => {
    const grown = growTree([
      { id: 'b', parentId: null },
      { id: 'b1', parentId: 'b' },
      { id: 'b2', parentId: 'b' },
      { id: 'a', parentId: null },
      { id: 'b1x', parentId: 'b1' },
    ]);
    expect(grown.map(({ place }) => place.id)).toEqual(['b', 'b1', 'b1x', 'b2', 'a']);
  });
});
