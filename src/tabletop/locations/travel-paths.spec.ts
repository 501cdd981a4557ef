import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PATH_MEASURES, type PathMeasure, shortestPath, type TravelWay } from './travel-paths.js';

const PLACES = 8;
const MEASURED = fc.option(fc.integer({ min: 0, max: 20 }), { freq: 4 });
const PLACE = fc.integer({ min: 0, max: PLACES - 1 }).map(String);
const WAYS = fc
  .array(
    fc.record({
      fromId: PLACE,
      toId: PLACE,
      isDirected: fc.boolean(),
      distanceM: MEASURED,
      travelTimeS: MEASURED,
    }),
    { maxLength: 25 },
  )
  .map((ways) => ways.map((way, index): TravelWay => ({ ...way, id: `w${index}` })));

const costOf = (way: TravelWay, by: PathMeasure) => (by === 'distance' ? way.distanceM : way.travelTimeS);

/** Floyd and Warshall: all pairs, every way round. */
function naiveCosts(ways: readonly TravelWay[], by: PathMeasure): number[][] {
  const costs = Array.from({ length: PLACES }, (_, from) =>
    Array.from({ length: PLACES }, (__, to) => (from === to ? 0 : Number.POSITIVE_INFINITY)),
  );
  for (const way of ways) {
    const cost = costOf(way, by);
    if (cost === null) continue;
    const [from, to] = [Number(way.fromId), Number(way.toId)];
    costs[from]![to] = Math.min(costs[from]![to]!, cost);
    if (!way.isDirected) costs[to]![from] = Math.min(costs[to]![from]!, cost);
  }
  for (let by = 0; by < PLACES; by++)
    for (let from = 0; from < PLACES; from++)
      for (let to = 0; to < PLACES; to++)
        costs[from]![to] = Math.min(costs[from]![to]!, costs[from]![by]! + costs[by]![to]!);
  return costs;
}

describe('the shortest path', () => {
  it('costs what the slow way says, from anywhere to anywhere', () => {
    fc.assert(
      fc.property(WAYS, fc.constantFrom(...PATH_MEASURES), (ways, by) => {
        const costs = naiveCosts(ways, by);
        for (let from = 0; from < PLACES; from++)
          for (let to = 0; to < PLACES; to++) {
            const path = shortestPath(ways, `${from}`, `${to}`, by);
            expect(path?.cost ?? Number.POSITIVE_INFINITY).toBe(costs[from]![to]);
          }
      }),
    );
  });

  it('is a path: each step goes over a way that may be gone, on from where the last one ended', () => {
    fc.assert(
      fc.property(WAYS, PLACE, PLACE, fc.constantFrom(...PATH_MEASURES), (ways, from, to, by) => {
        const path = shortestPath(ways, from, to, by);
        if (path === null) return;
        let at = from;
        let cost = 0;
        for (const step of path.steps) {
          const way = ways.find(({ id }) => id === step.wayId)!;
          expect(step.fromId).toBe(at);
          const isForth = way.fromId === step.fromId && way.toId === step.toId;
          const isBack = !way.isDirected && way.toId === step.fromId && way.fromId === step.toId;
          expect(isForth || isBack).toBe(true);
          at = step.toId;
          cost += costOf(way, by)!;
        }
        expect(at).toBe(to);
        expect(path.cost).toBe(cost);
      }),
    );
  });

  it('takes no way without the measure, and none against its direction', () => {
    const way = { id: 'w', fromId: 'a', toId: 'b', isDirected: true, distanceM: 5, travelTimeS: null };
    expect(shortestPath([way], 'a', 'b', 'distance')).toMatchObject({ cost: 5 });
    expect(shortestPath([way], 'a', 'b', 'time')).toBeNull();
    expect(shortestPath([way], 'b', 'a', 'distance')).toBeNull();
    expect(shortestPath([way], 'c', 'c', 'time')).toEqual({ steps: [], cost: 0 });
  });

  it('ends on a circle of ten thousand places', () => {
    const ring = Array.from({ length: 10_000 }, (_, index): TravelWay => ({
      id: `w${index}`,
      fromId: `${index}`,
      toId: `${(index + 1) % 10_000}`,
      isDirected: true,
      distanceM: 1,
      travelTimeS: null,
    }));
    expect(shortestPath(ring, '1', '0', 'distance')).toMatchObject({ cost: 9_999 });
  });
});
