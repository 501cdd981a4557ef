import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allBehind,
  closesCircle,
  inOrder,
  openPrerequisites,
  type PlotDependency,
  type PlotStatus,
} from './plot-dependencies.js';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const DEPENDENCY: fc.Arbitrary<PlotDependency> = fc.record({
  fromId: fc.constantFrom(...IDS),
  toId: fc.constantFrom(...IDS),
});
const DEPENDENCIES = fc.array(DEPENDENCY, { maxLength: 14 });

/** Warshall's closure. */
function naiveBehind(dependencies: readonly PlotDependency[]): Set<string> {
  const pairs = new Set(dependencies.map(({ fromId, toId }) => `${fromId}${toId}`));
  for (const by of IDS)
    for (const from of IDS)
      for (const to of IDS) if (pairs.has(from + by) && pairs.has(by + to)) pairs.add(from + to);
  return pairs;
}

describe('dependencies', () => {
  it('reach what the closure reaches', () => {
    fc.assert(
      fc.property(DEPENDENCIES, (dependencies) => {
        const pairs = naiveBehind(dependencies);
        for (const id of IDS)
          expect([...allBehind(dependencies, id)].toSorted()).toEqual(IDS.filter((to) => pairs.has(id + to)));
      }),
    );
  });

  it('built one by one with every circle refused never hold one', () => {
    fc.assert(
      fc.property(DEPENDENCIES, (wishes) => {
        const kept: PlotDependency[] = [];
        for (const wish of wishes) {
          const isCircle = closesCircle(kept, wish.fromId, wish.toId);
          const pairs = naiveBehind([...kept, wish]);
          expect(isCircle).toBe(IDS.some((id) => pairs.has(id + id)));
          if (!isCircle) kept.push(wish);
        }
      }),
    );
  });

  it('order each thread behind those it waits for', () => {
    fc.assert(
      fc.property(DEPENDENCIES, (wishes) => {
        const kept: PlotDependency[] = [];
        for (const wish of wishes) if (!closesCircle(kept, wish.fromId, wish.toId)) kept.push(wish);
        const order = inOrder(IDS, kept);
        expect(order.toSorted()).toEqual(IDS);
        for (const { fromId, toId } of kept) expect(order.indexOf(toId)).toBeLessThan(order.indexOf(fromId));
        expect(inOrder(IDS, wishes).toSorted()).toEqual(IDS);
      }),
    );
  });

  it('are open until what they wait for is resolved or given up; what is not seen is not told', () => {
    const statusOf = new Map<string, PlotStatus>([
      ['b', 'active'],
      ['c', 'resolved'],
      ['d', 'abandoned'],
    ]);
    const all = ['b', 'c', 'd', 'e'].map((toId) => ({ fromId: 'a', toId }));
    expect(openPrerequisites(all, 'a', statusOf)).toEqual(['b']);
  });

  it('end on a chain of ten thousand', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => ({
      fromId: `${index}`,
      toId: `${index + 1}`,
    }));
    expect(closesCircle(chain, '10000', '0')).toBe(true);
    expect(closesCircle(chain, '0', '10000')).toBe(false);
    expect(inOrder(['0', '10000'], chain)).toHaveLength(2);
  });
});
