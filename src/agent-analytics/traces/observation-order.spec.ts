import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromTopDown } from './observation-order.js';

const MOST = 8;
/** Any parents at all: themselves, each other, nobody. */
const nodes = fc.uniqueArray(fc.nat(MOST), { maxLength: MOST + 1 }).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fc.option(fc.nat(MOST + 2)).map((parent) => ({
        id: `o${id}`,
        parentId: parent === null ? null : `o${parent}`,
      })),
    ),
  ),
);
const shown = (list: readonly { id: string; parentId: string | null }[]): string[] =>
  fromTopDown(list).map(({ node, depth, place }) => `${'.'.repeat(depth)}${node.id} ${place}`);

describe('observations from the top down', () => {
  it('stand below their parents, in their order', () => {
    const list = [
      { id: 'a', parentId: null },
      { id: 'c', parentId: 'b' },
      { id: 'b', parentId: 'a' },
      { id: 'd', parentId: 'a' },
      { id: 'e', parentId: 'gone' },
    ];
    expect(shown(list)).toEqual(['a root', '.b child', '..c child', '.d child', 'e orphan']);
  });

  it('in a circle stand below the first of it', () => {
    const list = [
      { id: 'tail', parentId: 'y' },
      { id: 'x', parentId: 'z' },
      { id: 'y', parentId: 'x' },
      { id: 'z', parentId: 'y' },
      { id: 'self', parentId: 'self' },
    ];
    expect(shown(list)).toEqual(['x loop', '.y child', '..tail child', '..z child', 'self loop']);
  });

  it('are each there once, whatever their parents are, and every child right below its parent', () => {
    fc.assert(
      fc.property(nodes, (list) => {
        const placed = fromTopDown(list);
        expect(placed.map(({ node }) => node.id).sort()).toEqual(list.map(({ id }) => id).sort());
        const ids = new Set(list.map(({ id }) => id));
        const path: string[] = [];
        for (const { node, depth, place } of placed) {
          expect(depth).toBeLessThanOrEqual(path.length);
          path.length = depth;
          if (place === 'child') expect(path.at(-1)).toBe(node.parentId);
          else expect(depth).toBe(0);
          if (place === 'root') expect(node.parentId).toBe(null);
          if (place === 'orphan') expect(ids.has(node.parentId!)).toBe(false);
          if (place === 'loop') expect(ids.has(node.parentId!)).toBe(true);
          path.push(node.id);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('may be nested as deep as there are some', () => {
    const list = Array.from({ length: 20_000 }, (_one, index) => ({
      id: `o${index}`,
      parentId: index === 0 ? null : `o${index - 1}`,
    }));
    expect(fromTopDown(list).at(-1)!.depth).toBe(19_999);
  });
});
