import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { steadyTrack } from '../../../test/support/tracks.js';
import { runCurvesOf } from '../analysis/run-curves.js';
import type { LapMark } from '../geo/track.js';
import { lapsOfRun } from './run-laps.js';
import { boundsOf, type RoutePoint, routePoints, toFeature } from './run-route.js';
import { STREAM_KEYS, type StreamKey, streamsOf } from './run-streams.js';

const track = steadyTrack(1_800, 3, (second) => ({
  altitudeM: 200 + Math.sin(second / 60) * 10,
  heartRateBpm: 140,
}));
const ALL = new Set<StreamKey>(STREAM_KEYS);
const point = (latDeg: number, lonDeg: number): RoutePoint => ({ latDeg, lonDeg, timeS: 0, altitudeM: null });

describe('streams', () => {
  it('have the range, the keys and the detail that were asked for', () => {
    const whole = streamsOf(track, [], ALL, { fromS: null, toS: null }, 'high');
    expect([whole.originalCount, whole.timeS.length, whole.cadenceSpm]).toEqual([1_801, 1_801, null]);
    expect(whole.distanceM!.at(-1)).toBeCloseTo(5_400, -2);
    expect(whole.speedMps!.every((speed) => Math.abs(speed! - 3) < 0.05)).toBe(true);
    const part = streamsOf(track, [], new Set(['altitudeM']), { fromS: 600, toS: 900 }, 'low');
    expect([part.originalCount, part.timeS[0], part.timeS.at(-1)]).toEqual([301, 600, 900]);
    expect([part.timeS.length <= 100, part.latDeg, part.distanceM]).toEqual([true, null, null]);
    const told = [...track.altitudeM!.subarray(600, 901)];
    const shown = part.altitudeM as number[];
    expect([Math.min(...shown), Math.max(...shown)]).toEqual([Math.min(...told), Math.max(...told)]);
  });

  it('of nothing are empty', () => {
    const none = streamsOf(track, [], ALL, { fromS: 9_000, toS: null }, 'medium');
    expect([none.originalCount, none.timeS, none.latDeg]).toEqual([0, [], []]);
    expect(streamsOf(track, [], ALL, { fromS: 90, toS: 10 }, 'medium').timeS).toEqual([]);
  });
});

describe('a route', () => {
  it('begins and ends where the run did, in any detail', () => {
    for (const resolution of ['low', 'medium', 'high'] as const) {
      const points = routePoints(track, resolution);
      expect([points[0]!.timeS, points.at(-1)!.timeS]).toEqual([0, 1_800]);
    }
    expect(routePoints(track, 'low')).toHaveLength(100);
  });

  it('lies within its bounds, also across the date line', () => {
    const way = fc.array(fc.tuple(fc.double({ min: -0.4, max: 0.4, noNaN: true }), fc.double({ min: -0.4, max: 0.4, noNaN: true })), { minLength: 1, maxLength: 30 }); // prettier-ignore
    fc.assert(
      fc.property(fc.double({ min: 170, max: 190, noNaN: true }), way, (lon, steps) => {
        let at: [number, number] = [10, lon];
        const points = steps.map(([dLat, dLon]) => {
          at = [at[0] + dLat, at[1] + dLon];
          return point(at[0], at[1] > 180 ? at[1] - 360 : at[1]);
        });
        const { southDeg, northDeg, westDeg, eastDeg } = boundsOf(points)!;
        const width = (eastDeg - westDeg + 360) % 360;
        for (const { latDeg, lonDeg } of points) {
          expect(latDeg >= southDeg && latDeg <= northDeg).toBe(true);
          const off = (lonDeg - westDeg + 720) % 360;
          expect(off <= width + 1e-9 || off > 360 - 1e-9).toBe(true);
        }
        expect(width).toBeLessThan(30);
      }),
    );
    expect(boundsOf([])).toBeNull();
  });

  it('is cut where it crosses the date line', () => {
    const feature = toFeature([point(1, 179.8), point(1, 179.9), point(1, -179.9), point(1, -179.8)], {});
    expect(feature.geometry).toEqual({
      type: 'MultiLineString',
      coordinates: [
        [
          [179.8, 1],
          [179.9, 1],
        ],
        [
          [-179.9, 1],
          [-179.8, 1],
        ],
      ],
    });
    expect(feature.bbox).toEqual([179.8, 1, expect.closeTo(-179.8), 1]);
    expect(toFeature([point(1, 2)], {}).geometry).toBeNull();
  });
});

describe('laps', () => {
  it('have the times between their marks and the distance of the track where the device told none', () => {
    const marks: LapMark[] = [
      { endMs: 300_000, distanceM: null, trigger: 'manual' },
      { endMs: 900_500, distanceM: 1_850, trigger: 'distance' },
    ];
    const laps = lapsOfRun(marks, runCurvesOf(track, []));
    expect(laps).toMatchObject([
      { number: 1, startS: 0, endS: 300, elapsedTimeS: 300, movingTimeS: 300, trigger: 'manual' },
      { number: 2, startS: 300, endS: 900.5, elapsedTimeS: 600.5, distanceM: 1_850 },
    ]);
    expect(laps[0]!.distanceM).toBeCloseTo(900, -1);
    expect(laps[0]!.paceSPerKm).toBeCloseTo(333.3, 0);
  });
});
