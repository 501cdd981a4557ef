import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  distance,
  figuresOf,
  isBetter,
  nearestNeighbour,
  type Point,
  type RouteFigures,
  type RouteNode,
} from './harvest-route.js';
import { valueRoute } from './value-route.js';

/** Works to the end, without a rest. */
function route(...question: Parameters<typeof valueRoute>): number[] {
  const work = valueRoute(...question);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

interface World {
  nodes: RouteNode[];
  start: Point;
  maxMoves: number;
}

/** Maps at different places of a square; some are worth nothing. */
const worlds = (side: number, most: number, moves: number): fc.Arbitrary<World> => {
  const coordinate = fc.integer({ min: -side, max: side });
  const value = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10_000 }));
  return fc.record({
    nodes: fc.uniqueArray(fc.record({ x: coordinate, y: coordinate, value }), {
      maxLength: most,
      selector: ({ x, y }) => `${x},${y}`,
    }),
    start: fc.record({ x: coordinate, y: coordinate }),
    maxMoves: fc.integer({ min: 0, max: moves }),
  });
};

/** The best of all routes, by trying each. */
function bruteForce({ nodes, start, maxMoves }: World): RouteFigures {
  let best: RouteFigures = { moves: 0, value: 0 };
  const visited = new Set<number>();
  const walk = (here: Point, moves: number, value: number): void => {
    const figures = { moves, value };
    if (isBetter(figures, best)) best = figures;
    nodes.forEach((node, index) => {
      const longer = moves + distance(here, node);
      if (visited.has(index) || node.value === 0 || longer > maxMoves) return;
      visited.add(index);
      walk(node, longer, value + node.value);
      visited.delete(index);
    });
  };
  walk(start, 0, 0);
  return best;
}

const RUNS = { numRuns: 300 };

describe('the nearest neighbour', () => {
  it('goes on to the nearest map left, the first of equals, until the budget does not reach it', () => {
    const at = (x: number, y: number): RouteNode => ({ x, y, value: 1 });
    const nodes = [at(3, 0), at(0, 1), at(1, 0), at(9, 9)];
    expect(nearestNeighbour(nodes, { x: 0, y: 0 }, 50)).toEqual([1, 2, 0, 3]);
    expect(nearestNeighbour(nodes, { x: 0, y: 0 }, 5)).toEqual([1, 2, 0]);
    expect(nearestNeighbour(nodes, { x: 0, y: 0 }, 2)).toEqual([1]);
    expect(nearestNeighbour(nodes, { x: 0, y: 0 }, 0)).toEqual([]);
    expect(nearestNeighbour([at(0, 0)], { x: 0, y: 0 }, 0)).toEqual([0]);
    expect(nearestNeighbour([], { x: 0, y: 0 }, 9)).toEqual([]);
    expect(nearestNeighbour(nodes, { x: 0, y: 0 }, Number.NaN)).toEqual([]);
  });

  it('keeps the budget, and stops only where the next map is out of reach', () => {
    fc.assert(
      fc.property(worlds(12, 30, 40), ({ nodes, start, maxMoves }) => {
        const route = nearestNeighbour(nodes, start, maxMoves);
        const { moves } = figuresOf(nodes, start, route);
        expect(moves).toBeLessThanOrEqual(maxMoves);
        expect(new Set(route).size).toBe(route.length);
        const end = route.length === 0 ? start : nodes[route.at(-1)!]!;
        const left = nodes.filter((_node, index) => !route.includes(index));
        for (const node of left) expect(moves + distance(end, node)).toBeGreaterThan(maxMoves);
      }),
      RUNS,
    );
  });
});

describe('the route by value', () => {
  it('keeps the budget, visits nothing twice and nothing worthless', () => {
    fc.assert(
      fc.property(worlds(12, 40, 60), ({ nodes, start, maxMoves }) => {
        const found = route(nodes, start, maxMoves, 200_000);
        expect(figuresOf(nodes, start, found).moves).toBeLessThanOrEqual(maxMoves);
        expect(new Set(found).size).toBe(found.length);
        for (const index of found) expect(nodes[index]!.value).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('is never worse than the nearest neighbour, however little work it may do', () => {
    fc.assert(
      fc.property(worlds(15, 40, 60), fc.constantFrom(0, 100, 5_000, 200_000), (world, maxSteps) => {
        const { nodes, start, maxMoves } = world;
        const nearest = figuresOf(nodes, start, nearestNeighbour(nodes, start, maxMoves));
        const found = figuresOf(nodes, start, route(nodes, start, maxMoves, maxSteps));
        expect(isBetter(nearest, found)).toBe(false);
      }),
      RUNS,
    );
  });

  it('depends on nothing but its input', () => {
    fc.assert(
      fc.property(worlds(12, 40, 60), ({ nodes, start, maxMoves }) => {
        const found = route(nodes, start, maxMoves, 100_000);
        expect(route(structuredClone(nodes), { ...start }, maxMoves, 100_000)).toEqual(found);
      }),
      { numRuns: 50 },
    );
  });

  it('is nearly always the best of all where all can be tried, and never far from it', () => {
    const tiny = fc.sample(worlds(4, 8, 16), { numRuns: 300, seed: 5 });
    let missed = 0;
    for (const world of tiny) {
      const { nodes, start, maxMoves } = world;
      const best = bruteForce(world);
      const found = figuresOf(nodes, start, route(nodes, start, maxMoves));
      expect(isBetter(found, best)).toBe(false);
      expect(found.value).toBeGreaterThanOrEqual(0.8 * best.value);
      if (found.value < best.value) missed += 1;
    }
    expect(missed).toBeLessThanOrEqual(6);
  });

  it('walks past what is near and poor to what is far and rich', () => {
    const poor = Array.from({ length: 10 }, (_, index) => ({ x: -1 - index, y: 0, value: 1 }));
    const rich = Array.from({ length: 5 }, (_, index) => ({ x: 5 + index, y: 0, value: 1_000 }));
    const nodes = [...poor, ...rich];
    expect(figuresOf(nodes, { x: 0, y: 0 }, route(nodes, { x: 0, y: 0 }, 10))).toEqual({
      moves: 9,
      value: 5_000,
    });
    expect(figuresOf(nodes, { x: 0, y: 0 }, nearestNeighbour(nodes, { x: 0, y: 0 }, 10)).value).toBe(10);
  });

  it('takes along what lies on its way, and the same coordinates twice', () => {
    const nodes = [
      { x: 2, y: 0, value: 1 },
      { x: 4, y: 0, value: 9 },
      { x: 4, y: 0, value: 9 },
    ];
    expect(route(nodes, { x: 0, y: 0 }, 4)).toHaveLength(3);
  });

  it('gives way often while it works through a large world', () => {
    const [nodes] = fc.sample(
      fc.array(
        fc.record({
          x: fc.integer({ min: -60, max: 60 }),
          y: fc.integer({ min: -60, max: 60 }),
          value: fc.integer({ min: 1, max: 9_999 }),
        }),
        { minLength: 600, maxLength: 600, size: 'max' },
      ),
      { numRuns: 1, seed: 7 },
    ) as [RouteNode[]];
    const work = valueRoute(nodes, { x: 0, y: 0 }, 300, 4_000_000);
    let turns = 0;
    while (!work.next().done) turns += 1;
    expect(turns).toBeGreaterThan(20);
  });
});
