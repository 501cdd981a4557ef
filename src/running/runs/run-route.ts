import { planeAround, wrapDeg } from '../geo/geodesy.js';
import { simplifyTo } from '../geo/simplify.js';
import type { Track } from '../geo/track.js';
import { type Resolution, RESOLUTION_POINTS } from './run-streams.js';

// Where a run went, as maps take it.

export interface RoutePoint {
  readonly latDeg: number;
  readonly lonDeg: number;
  /** Seconds since the start. */
  readonly timeS: number;
  readonly altitudeM: number | null;
}

/** Where `westDeg` is more than `eastDeg` the box crosses the date line (RFC 7946, 5.2). */
export interface RouteBounds {
  readonly southDeg: number;
  readonly westDeg: number;
  readonly northDeg: number;
  readonly eastDeg: number;
}

/** All of GeoJSON (RFC 7946) that is needed. */
export interface RouteFeature {
  readonly type: 'Feature';
  readonly bbox?: readonly number[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry:
    | { readonly type: 'LineString'; readonly coordinates: readonly number[][] }
    | { readonly type: 'MultiLineString'; readonly coordinates: readonly number[][][] }
    | null;
}

/** Points with a place; in lower detail those that show the line's shape best, the first and the last always. */
export function routePoints(track: Track, resolution: Resolution): RoutePoint[] {
  const placed: number[] = [];
  for (let index = 0; index < track.length; index += 1)
    if (!Number.isNaN(track.latDeg[index]!) && !Number.isNaN(track.lonDeg[index]!)) placed.push(index);
  return simplified(track, placed, RESOLUTION_POINTS[resolution]).map((index) => ({
    latDeg: track.latDeg[index]!,
    lonDeg: track.lonDeg[index]!,
    timeS: track.tMs[index]! / 1_000,
    altitudeM:
      track.altitudeM === null || Number.isNaN(track.altitudeM[index]!) ? null : track.altitudeM[index]!,
  }));
}

function simplified({ latDeg, lonDeg }: Track, placed: readonly number[], most: number): readonly number[] {
  if (placed.length <= most) return placed;
  const plane = planeAround(latDeg[placed[0]!]!, lonDeg[placed[0]!]!);
  const x = Float64Array.from(placed, (index) => plane.x(lonDeg[index]!));
  const y = Float64Array.from(placed, (index) => plane.y(latDeg[index]!));
  return Array.from(simplifyTo(x, y, most), (place) => placed[place]!);
}

/** @returns null for no points */
export function boundsOf(points: readonly RoutePoint[]): RouteBounds | null {
  const first = points[0];
  if (first === undefined) return null;
  let [south, north, west, east] = [first.latDeg, first.latDeg, 0, 0];
  let [lon, last] = [0, first.lonDeg];
  for (const { latDeg, lonDeg } of points) {
    south = Math.min(south, latDeg);
    north = Math.max(north, latDeg);
    lon += wrapDeg(lonDeg - last); // along the way, so that the date line is no edge
    last = lonDeg;
    west = Math.min(west, lon);
    east = Math.max(east, lon);
  }
  if (east - west >= 360) return { southDeg: south, westDeg: -180, northDeg: north, eastDeg: 180 };
  return {
    southDeg: south,
    westDeg: wrapDeg(first.lonDeg + west),
    northDeg: north,
    eastDeg: wrapDeg(first.lonDeg + east),
  };
}

/** Cut at the date line, as RFC 7946 (3.1.9) asks. One point is no line: its geometry is null. */
export function toFeature(
  points: readonly RoutePoint[],
  properties: Readonly<Record<string, unknown>>,
): RouteFeature {
  const lines: number[][][] = [];
  points.forEach((point, index) => {
    const before = points[index - 1];
    const position = [point.lonDeg, point.latDeg, ...(point.altitudeM === null ? [] : [point.altitudeM])];
    if (before === undefined || Math.abs(point.lonDeg - before.lonDeg) > 180) lines.push([position]);
    else lines.at(-1)!.push(position);
  });
  const drawn = lines.filter((line) => line.length > 1);
  const bounds = boundsOf(points);
  return {
    type: 'Feature',
    ...(bounds && { bbox: [bounds.westDeg, bounds.southDeg, bounds.eastDeg, bounds.northDeg] }),
    properties,
    geometry: geometryOf(drawn),
  };
}

function geometryOf(lines: readonly number[][][]): RouteFeature['geometry'] {
  if (lines.length === 0) return null;
  return lines.length === 1
    ? { type: 'LineString', coordinates: lines[0]! }
    : { type: 'MultiLineString', coordinates: lines };
}
