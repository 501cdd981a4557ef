import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Geodesic } from 'geographiclib-geodesic';
import { distanceM, planeAround, wrapDeg } from './geodesy.js';
import { decodePolyline, encodePolyline } from './polyline.js';

const lats = fc.double({ min: -90, max: 90, noNaN: true });
const lons = fc.double({ min: -180, max: 180, noNaN: true });

describe('distances', () => {
  it('are those of the ellipsoid to half a percent and ten centimetres, everywhere', () => {
    fc.assert(
      fc.property(lats, lons, lats, lons, (latA, lonA, latB, lonB) => {
        const exact = Geodesic.WGS84.Inverse(latA, lonA, latB, lonB).s12!;
        // Nearly opposite places have a longest way around that depends on the flattening most.
        expect(Math.abs(distanceM(latA, lonA, latB, lonB) - exact)).toBeLessThanOrEqual(exact * 0.0057 + 0.1);
      }),
    );
  });

  it('on a flat map are the same for near places, also across the date line', () => {
    const near = fc.double({ min: -0.02, max: 0.02, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -70, max: 70, noNaN: true }), lons, near, near, (lat, lon, dLat, dLon) => {
        const plane = planeAround(lat, lon);
        const otherLon = wrapDeg(lon + dLon);
        const flat = Math.hypot(plane.x(otherLon), plane.y(lat + dLat));
        const round = distanceM(lat, lon, lat + dLat, otherLon);
        expect(Math.abs(flat - round)).toBeLessThanOrEqual(round * 0.002 + 1e-6);
        expect(plane.lat(plane.y(lat + dLat))).toBeCloseTo(lat + dLat, 9);
        expect(wrapDeg(plane.lon(plane.x(otherLon)) - otherLon)).toBeCloseTo(0, 9);
      }),
    );
  });
});

describe('a polyline', () => {
  it('is what the documentation of the format shows', () => {
    const places: [number, number][] = [
      [38.5, -120.2],
      [40.7, -120.95],
      [43.252, -126.453],
    ];
    expect(encodePolyline(places)).toBe('_p~iF~ps|U_ulLnnqC_mqNvxq`@');
    expect(decodePolyline('_p~iF~ps|U_ulLnnqC_mqNvxq`@')).toEqual(places);
  });

  it('brings every place back to five decimals', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(lats, lons), { maxLength: 50 }), (places) => {
        const back = decodePolyline(encodePolyline(places));
        expect(back).toHaveLength(places.length);
        back.forEach(([lat, lon], index) => {
          expect(Math.abs(lat - places[index]![0])).toBeLessThanOrEqual(0.500001e-5);
          expect(Math.abs(lon - places[index]![1])).toBeLessThanOrEqual(0.500001e-5);
        });
      }),
    );
  });

  it('refuses what is none', () => {
    expect(() => decodePolyline('_p~iF~ps|U_')).toThrow(RangeError);
    expect(() => decodePolyline('\u0001\u0001')).toThrow(RangeError);
    expect(() => decodePolyline('~~~~~~~~~~~~~~~~')).toThrow(RangeError);
  });
});
