import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hopsFrom, neighboursOf, type Pair, shortestPath } from './graph.js';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const pairs: fc.Arbitrary<Pair[]> = fc.array(fc.tuple(fc.constantFrom(...IDS), fc.constantFrom(...IDS)), {
  maxLength: 16,
});

/** Floyd and Warshall: every pair of ends, over every end between them. */
function distances(edges: readonly Pair[]): Record<string, Record<string, number>> {
  const far = Object.fromEntries(
    IDS.map((from) => [from, Object.fromEntries(IDS.map((to) => [to, from === to ? 0 : Infinity]))]),
  );
  for (const [from, to] of edges) if (from !== to) far[from]![to] = far[to]![from] = 1;
  for (const over of IDS)
    for (const from of IDS)
      for (const to of IDS) far[from]![to] = Math.min(far[from]![to]!, far[from]![over]! + far[over]![to]!);
  return far;
}

describe('the graph of relations', () => {
  it('counts the hops that the table of all distances says, and none beyond those asked for', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...IDS), fc.integer({ min: 0, max: 8 }), (edges, start, most) => {
        const expected = Object.entries(distances(edges)[start]!).filter(([, hops]) => hops <= most);
        const found = hopsFrom(neighboursOf(edges), start, most);
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
        const inOrder = [...found.values()];
        expect(inOrder).toEqual([...inOrder].sort((one, other) => one - other));
      }),
    );
  });

  it('finds a way of edges that is as short as any, from whichever end, and none where there is none', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...IDS), fc.constantFrom(...IDS), (edges, from, to) => {
        const graph = neighboursOf(edges);
        const path = shortestPath(graph, from, to);
        const hops = distances(edges)[from]![to]!;
        expect(path === null ? Infinity : path.length - 1).toBe(hops);
        expect(shortestPath(graph, to, from)?.length).toBe(path?.length);
        if (path === null) return;
        expect([path[0], path.at(-1)]).toEqual([from, to]);
        for (const [index, id] of path.slice(1).entries()) expect(graph.get(path[index]!)).toContain(id);
      }),
    );
  });

  it('goes round a circle of 10,000 once', () => {
    const name = (index: number): string => `n${String(index % 10_000).padStart(5, '0')}`;
    const circle = neighboursOf(
      Array.from({ length: 10_000 }, (_, index): Pair => [name(index), name(index + 1)]),
    );
    expect(hopsFrom(circle, name(0), 20_000).size).toBe(10_000);
    expect(shortestPath(circle, name(0), name(5_000))).toHaveLength(5_001);
  });
});
