import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Corner, recorded, type Recording, turned, wayM } from '../../../test/support/made-ways.js';
import { distanceM } from '../geo/geodesy.js';
import { beginAt, loopShape, loopsOf } from './route-loops.js';
import { isClosed, type WayShape } from './route-shape.js';
import { compareShapes } from './route-similarity.js';
import { pathOf } from './run-path.js';

const shape = (corners: readonly Corner[], recording?: Recording): WayShape =>
  pathOf(recorded(corners, recording))!.shape;
const block = (x: number, y: number, width: number, height: number): Corner[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
  [x, y],
];
const lengths = (corners: readonly Corner[], recording?: Recording): number[] =>
  loopsOf(shape(corners, recording)).map((loop) => loop.distanceM);
const near = (expectedM: number): unknown => expect.closeTo(expectedM, -2.2); // within some 80 m

describe('loops of a route', () => {
  it('is itself where it is one, and laps are one', () => {
    expect(lengths(block(0, 0, 600, 400))).toEqual([near(2_000)]);
    const laps = Array.from({ length: 4 }, () => block(0, 0, 300, 200)).flat();
    expect(lengths(laps, { noiseM: 3 })).toEqual([near(1_000)]);
  });

  it('are both of a figure of eight, wherever it was begun', () => {
    // Two blocks that touch at the origin.
    const eight = [...block(0, 0, 500, 400), ...block(0, 0, -450, -300)];
    for (const startM of [0, 700, 1_800, 2_600])
      expect(lengths(turned(eight, startM), { noiseM: 2 }).sort((a, b) => a - b)).toEqual([
        near(1_500),
        near(1_800),
      ]);
  });

  it('is the one at the end of a road, without the road', () => {
    const lollipop: Corner[] = [[0, 0], ...block(0, 1_500, 500, 400), [0, 0]];
    const [loop, ...others] = loopsOf(shape(lollipop));
    expect(others).toEqual([]);
    expect(loop!.distanceM).toEqual(near(1_800));
    expect(loop!.spans[0]![0]).toEqual(near(1_500));
  });

  it('leaves out what turns off it and comes back the same way', () => {
    const spur: Corner[] = [[0, 0], [700, 0], [700, 300], [1_300, 300], [700, 300], [700, 600], [0, 600], [0, 0]]; // prettier-ignore
    const [loop, ...others] = loopsOf(shape(spur));
    expect(others).toEqual([]);
    expect(loop!.distanceM).toEqual(near(2_600));
    expect(loop!.spans.length).toBeGreaterThan(1);
  });

  it('are none on a way there and back, and none on a way from one place to another', () => {
    expect(lengths([[0, 0], [2_000, 0], [2_000, 900], [2_000, 0], [0, 0]], { noiseM: 3 })).toEqual([]); // prettier-ignore
    expect(lengths([[0, 0], [2_000, 0], [2_000, 900]])).toEqual([]); // prettier-ignore
  });

  it('are closed, and lie on their route', () => {
    const legs = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 })), {
      minLength: 4,
      maxLength: 9,
    });
    fc.assert(
      fc.property(legs, (places) => {
        const corners = places.map(([x, y]): Corner => [x * 150, y * 150]);
        if (wayM(corners) < 1_000) return;
        const route = shape(corners);
        for (const { spans, distanceM: loopM } of loopsOf(route)) {
          const loop = loopShape(route, spans)!;
          expect(isClosed(loop)).toBe(true);
          expect(loop.distanceM).toBeCloseTo(loopM, 6);
          expect(compareShapes(loop, route).coverage).toBeGreaterThan(0.98);
          let reachedM = -1;
          for (const [fromM, toM] of spans) {
            expect(fromM).toBeGreaterThan(reachedM);
            expect(toM).toBeGreaterThan(fromM);
            reachedM = toM;
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('can be begun at any place that they pass, and stay the same loop', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1_000 }),
        (share, seed) => {
          const loop = shape(block(0, 0, 600, 400), { noiseM: 3, seed });
          const at = Math.floor(share * (loop.latDeg.length - 1));
          const start = { latDeg: loop.latDeg[at]!, lonDeg: loop.lonDeg[at]! };
          const begun = beginAt(loop, start, 40)!;
          expect(distanceM(begun.latDeg[0]!, begun.lonDeg[0]!, start.latDeg, start.lonDeg)).toBeLessThan(1);
          expect(compareShapes(begun, loop)).toMatchObject({ relation: 'same' });
          expect(Math.abs(begun.distanceM - loop.distanceM)).toBeLessThan(60);
        },
      ),
      { numRuns: 30 },
    );
    expect(beginAt(shape(block(0, 0, 600, 400)), { latDeg: 47.4, lonDeg: 8.54 }, 40)).toBeNull();
  });
});
