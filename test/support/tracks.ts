import { planeAround } from '../../src/running/geo/geodesy.js';
import type { Track } from '../../src/running/geo/track.js';

/** A point of a made-up track: metres east and north of its start, and what sensors say. */
export interface MadePoint {
  readonly tMs: number;
  readonly eastM: number;
  readonly northM: number;
  readonly altitudeM?: number;
  readonly heartRateBpm?: number;
  readonly cadenceSpm?: number;
  readonly deviceDistanceM?: number;
}

/** A track from points on a flat map; sensors that no point tells are null. */
export function makeTrack(points: readonly MadePoint[], latDeg = 48.2, lonDeg = 16.37): Track {
  const plane = planeAround(latDeg, lonDeg);
  const column = (key: keyof MadePoint): Float64Array | null =>
    points.some((point) => point[key] !== undefined)
      ? Float64Array.from(points, (point) => point[key] ?? Number.NaN)
      : null;
  return {
    length: points.length,
    tMs: Float64Array.from(points, ({ tMs }) => tMs),
    latDeg: Float64Array.from(points, ({ northM }) => plane.lat(northM)),
    lonDeg: Float64Array.from(points, ({ eastM }) => plane.lon(eastM)),
    altitudeM: column('altitudeM'),
    accuracyM: null,
    heartRateBpm: column('heartRateBpm'),
    cadenceSpm: column('cadenceSpm'),
    deviceDistanceM: column('deviceDistanceM'),
  };
}

/**
 * One straight run eastwards, a point per second. @param at what each second adds to the point: sensors, another speed's place
 */
export function steadyTrack(
  seconds: number,
  speedMps: number,
  at: (second: number) => Partial<MadePoint> = () => ({}),
): Track {
  const points = Array.from({ length: seconds + 1 }, (_, second) => ({
    tMs: second * 1000,
    eastM: second * speedMps,
    northM: 0,
    ...at(second),
  }));
  return makeTrack(points);
}
