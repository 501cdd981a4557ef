import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Neighbours, neighboursOf, type Pair, shortestPath } from './graph.js';
import { type Expand, searchBothEnds } from './two-ended-search.js';

const ids = Array.from({ length: 12 }, (_, index) => `n${index}`);
const pairs: fc.Arbitrary<Pair[]> = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), {
  maxLength: 30,
});

const expandIn =
  (graph: Neighbours): Expand =>
  (level) =>
    Promise.resolve(level.flatMap((via) => (graph.get(via) ?? []).map((id) => ({ id, via }))));

describe('a search from both ends', () => {
  it('finds a way of edges that is as short as that of a search from one end, and none where that finds none', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.constantFrom(...ids), fc.constantFrom(...ids), async (edges, from, to) => {
        const graph = neighboursOf(edges);
        const found = await searchBothEnds(from, to, expandIn(graph), 100);
        const expected = shortestPath(graph, from, to);
        if (expected === null) {
          expect(found).toBe('apart');
          return;
        }
        const { path } = found as { path: string[] };
        expect(path).toHaveLength(expected.length);
        expect([path[0], path.at(-1)]).toEqual([from, to]);
        for (const [index, id] of path.slice(1).entries()) expect(graph.get(path[index]!)).toContain(id);
      }),
    );
  });

  it('finds the same way in whatever order neighbours come, and gives up after as many levels as it was told', async () => {
    const edges: Pair[] = [
      ['a', 'c'],
      ['c', 'z'],
      ['a', 'b'],
      ['b', 'z'],
      ['z', 'y'],
      ['y', 'x'],
    ];
    for (const some of [edges, edges.toReversed()])
      expect(await searchBothEnds('a', 'z', expandIn(neighboursOf(some)), 10)).toEqual({
        path: ['a', 'b', 'z'],
      });
    expect(await searchBothEnds('a', 'x', expandIn(neighboursOf(edges)), 3)).toBe('too-far');
    expect(await searchBothEnds('a', 'x', expandIn(neighboursOf(edges)), 4)).toEqual({
      path: ['a', 'b', 'z', 'y', 'x'],
    });
  });
});
