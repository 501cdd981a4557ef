import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Corner, recorded, wayM } from '../../../test/support/made-ways.js';
import { distanceM } from '../geo/geodesy.js';
import { decodeShape, encodeShape } from './route-shape-codec.js';
import { cellsAround, cellsOf } from './route-cells.js';
import {
  boundsOf,
  isClosed,
  placeAt,
  placesOf,
  positionOf,
  reverseShape,
  SHAPE_STEP_M,
  shapeOf,
  type WayShape,
} from './route-shape.js';
import { pathOf } from './run-path.js';

const corners = fc.array(
  fc.tuple(fc.integer({ min: -3_000, max: 3_000 }), fc.integer({ min: -3_000, max: 3_000 })),
  { minLength: 2, maxLength: 8 },
);
const towns = fc.record({
  latDeg: fc.double({ min: -75, max: 75, noNaN: true }),
  lonDeg: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(180, -180, 179.99)),
});
const ways = fc
  .record({ way: corners, town: towns, everyS: fc.constantFrom(1, 4), hasAltitude: fc.boolean() })
  .filter(({ way }) => wayM(way) > 500);
type Way = typeof ways extends fc.Arbitrary<infer T> ? T : never;
const shapeBy = ({ way, town, everyS, hasAltitude }: Way): WayShape => {
  const altitude = hasAltitude ? { altitudeM: (atM: number) => 300 + 50 * Math.sin(atM / 400) } : {};
  return pathOf(recorded(way, { ...town, everyS, speedMps: 4, ...altitude }))!.shape;
};
const gapM = (one: WayShape, at: number, other: WayShape, otherAt: number): number =>
  distanceM(one.latDeg[at]!, one.lonDeg[at]!, other.latDeg[otherAt]!, other.lonDeg[otherAt]!);
const RUNS = { numRuns: 25 };

describe('a shape', () => {
  it('has a place every ten metres, as long as the way is but for its corners', () => {
    fc.assert(
      fc.property(ways, (made) => {
        const [way, shape] = [made.way, shapeBy(made)];
        const steps = shape.latDeg.slice(1).map((_, at) => positionOf(shape, at + 1) - positionOf(shape, at));
        const errors = steps.map((stepM, at) => Math.abs(gapM(shape, at, shape, at + 1) - stepM));
        expect(Math.max(...errors)).toBeLessThan(0.05);
        expect(Math.max(...steps)).toBeLessThanOrEqual(SHAPE_STEP_M + 1e-9);
        expect(shape.distanceM).toBeLessThan(wayM(way) * 1.003 + 1);
        // Each corner is cut, and a hairpin is lost for as far as the receiver's smoothing reaches.
        expect(shape.distanceM).toBeGreaterThan(wayM(way) * 0.997 - 60 * way.length);
      }),
      RUNS,
    );
  });

  it('is the same from its end, and knows the place at every metre', () => {
    fc.assert(
      fc.property(ways, fc.double({ min: 0, max: 1, noNaN: true }), (made, share) => {
        const shape = shapeBy(made);
        const back = reverseShape(shape);
        expect(Math.abs(back.distanceM - shape.distanceM)).toBeLessThan(SHAPE_STEP_M * 4);
        expect(isClosed(back)).toBe(isClosed(shape));
        const atM = share * shape.distanceM;
        const place = placeAt(shape, atM);
        const index = Math.min(Math.round(atM / SHAPE_STEP_M), shape.latDeg.length - 1);
        const offM = distanceM(place.latDeg, place.lonDeg, shape.latDeg[index]!, shape.lonDeg[index]!);
        expect(offM).toBeLessThanOrEqual(Math.abs(atM - positionOf(shape, index)) + 0.05);
      }),
      RUNS,
    );
  });

  it('lies within its bounds', () => {
    fc.assert(
      fc.property(ways, (made) => {
        const shape = shapeBy(made);
        const { southDeg, westDeg, northDeg, eastDeg } = boundsOf(shape);
        const isWithin = ({ latDeg, lonDeg }: { latDeg: number; lonDeg: number }): boolean => {
          const [isEast, isWest] = [lonDeg >= westDeg - 1e-9, lonDeg <= eastDeg + 1e-9];
          return (
            latDeg >= southDeg &&
            latDeg <= northDeg &&
            (eastDeg < westDeg ? isEast || isWest : isEast && isWest)
          );
        };
        expect(placesOf(shape).every(isWithin)).toBe(true);
      }),
      RUNS,
    );
  });

  it('comes back from its bytes to the decimetre', () => {
    fc.assert(
      fc.property(ways, (made) => {
        const shape = shapeBy(made);
        const back = decodeShape(encodeShape(shape));
        expect(Math.abs(back.distanceM - shape.distanceM)).toBeLessThan(0.001);
        expect(back.latDeg).toHaveLength(shape.latDeg.length);
        expect(Math.max(...back.latDeg.map((_, at) => gapM(back, at, shape, at)))).toBeLessThan(0.12);
        const altitudes = shape.altitudeM?.map((altitude, at) => Math.abs(altitude - back.altitudeM![at]!));
        expect(Math.max(...(altitudes ?? [0]))).toBeLessThan(0.051);
        expect(back.altitudeM === null).toBe(shape.altitudeM === null);
        // A second time nothing moves.
        expect(encodeShape(back).equals(encodeShape(shape))).toBe(true);
      }),
      RUNS,
    );
  });

  it('is not made of bytes that are none, and there is none of a place alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(decodeShape(bytes).latDeg.length).toBeGreaterThan(1);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
    const place = { latDeg: 1, lonDeg: 1, altitudeM: 3 };
    expect(shapeOf([])).toBeNull();
    expect(shapeOf([place])).toBeNull();
    expect(shapeOf([place, place])).toBeNull();
  });

  it('is smoothed where altitudes are told, and filled where some are missing', () => {
    const track = recorded([[0, 0], [0, 1_000]], { altitudeM: (atM) => (atM > 300 && atM < 600 ? Number.NaN : 100) }); // prettier-ignore
    expect(pathOf(track)!.shape.altitudeM!.every((altitude) => altitude === 100)).toBe(true);
  });
});

describe('squares of the ground', () => {
  it('of a way are among those around every other one that runs within 25 m', () => {
    const shifts = fc.tuple(
      fc.double({ min: 0, max: 6.3, noNaN: true }),
      fc.double({ min: 0, max: 25, noNaN: true }),
    );
    fc.assert(
      fc.property(
        corners.filter((way) => wayM(way) > 500),
        towns,
        shifts,
        (way, town, [angle, offM]) => {
          const moved = way.map(([x, y]): Corner => [x + offM * Math.cos(angle), y + offM * Math.sin(angle)]);
          const [one, other] = [pathOf(recorded(way, { ...town, speedMps: 4 }))!.shape, pathOf(recorded(moved, { ...town, speedMps: 4 }))!.shape]; // prettier-ignore
          const around = new Set(cellsAround(one, 25));
          const missing = cellsOf(other).filter((cell) => !around.has(cell));
          // Places stand ten metres apart, so a corner of a square may fall between two of them.
          expect(missing.length).toBeLessThanOrEqual(1 + cellsOf(other).length * 0.03);
        },
      ),
      RUNS,
    );
  });

  it('are whole numbers that a database takes, few per kilometre', () => {
    fc.assert(
      fc.property(ways, (made) => {
        const shape = shapeBy(made);
        const cells = cellsOf(shape);
        expect(cells.every((cell) => Number.isSafeInteger(cell) && cell >= 0)).toBe(true);
        expect(cells.length).toBeLessThan(6 + shape.distanceM / 40);
      }),
      RUNS,
    );
  });
});
