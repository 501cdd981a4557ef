import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceM } from '../geo/geodesy.js';
import { encodePolyline } from '../geo/polyline.js';
import { drawnWay } from './drawn-way.js';
import { MOST_ROUTE_M } from './route-shape.js';

const step = fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 }));
/** Lines of up to thirty places, each within some 300 m of the one before, wherever on Earth people run. */
const lines = fc
  .tuple(
    fc.double({ min: -80, max: 80, noNaN: true }),
    fc.double({ min: -179, max: 179, noNaN: true }),
    fc.array(step, { minLength: 1, maxLength: 30 }),
  )
  .map(([lat, lon, steps]) => {
    const places: [number, number][] = [[lat, lon]];
    for (const [north, east] of steps) {
      const [latDeg, lonDeg] = places.at(-1)!;
      places.push([latDeg + north * 1e-5, lonDeg + east * 1e-5]);
    }
    return places;
  });

describe('the way of a polyline', () => {
  it('goes from its first place to its last one, and is no longer than the line', () => {
    fc.assert(
      fc.property(lines, (places) => {
        const lineM = places
          .slice(1)
          .reduce((sum, [lat, lon], at) => sum + distanceM(places[at]![0], places[at]![1], lat, lon), 0);
        const way = drawnWay(encodePolyline(places));
        if (way === null) return expect(lineM).toBeLessThan(40);
        expect(way.distanceM).toBeLessThan(lineM * 1.01 + 5);
        const last = places.at(-1)!;
        expect(distanceM(way.latDeg[0]!, way.lonDeg[0]!, places[0]![0], places[0]![1])).toBeLessThan(3);
        expect(distanceM(way.latDeg.at(-1)!, way.lonDeg.at(-1)!, last[0], last[1])).toBeLessThan(3);
        expect(way.altitudeM).toBeNull();
      }),
    );
  });

  it.each<[string, string]>([
    ['of text that is no polyline', 'no polyline!'],
    ['of one place', encodePolyline([[47, 8]])],
    ['over a pole', encodePolyline([[89, 0], [90, 0]])], // prettier-ignore
    ['beyond a pole', encodePolyline([[120, 0], [120.01, 0]])], // prettier-ignore
    ['beyond the date line', encodePolyline([[0, 180], [0, 180.1]])], // prettier-ignore
    ['round the Earth', encodePolyline([[0, 0], [0, 120], [0, -120], [0, 0]])], // prettier-ignore
    ['longer than a run', encodePolyline([[0, 0], [0, (MOST_ROUTE_M / 111_000) * 1.1]])], // prettier-ignore
  ])('%s is none', (_what, text) => {
    expect(drawnWay(text)).toBeNull();
  });

  it('of whatever text is a way or none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const way = drawnWay(text);
        if (way !== null) for (const at of [...way.latDeg, ...way.lonDeg]) expect(at).not.toBeNaN();
      }),
    );
  });
});
