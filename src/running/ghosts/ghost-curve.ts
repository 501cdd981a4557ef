import { interpolate, cumulativeM } from '../geo/columns.js';
import { resampleEvenly } from '../geo/resample.js';
import { smoothPath } from '../geo/smoothing.js';
import type { Pause, Track } from '../geo/track.js';
import { movingPath } from './moving-path.js';

// What somebody is raced against: where along a line they were, and when. Time stands twice, since pauses would otherwise be steps in it:
// `movingMs` grows with the distance alone, and `stops` say where and how long they stood. The line is in equal steps, so that a place
// is found by a division. Distances and times count from the start line, which is where the ghost began to move.

/** A line on the ground in equal steps, on a flat map around `latDeg`, `lonDeg`. Ghosts that share the object share its projection. */
export interface RouteShape {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly stepM: number;
  /** Metres east and north of the map's middle, at least two points. */
  readonly xM: Float64Array;
  readonly yM: Float64Array;
}

export interface GhostStop {
  /** Metres from the start line. */
  readonly atM: number;
  /** Elapsed milliseconds since the start line at which they came to stand. */
  readonly arrivalMs: number;
  readonly durationMs: number;
}

export interface GhostCurve {
  /** `distance`: a plan without a place (so many metres at such a pace); compared by distance covered. */
  readonly basis: 'route' | 'distance';
  /** Null exactly for `distance`. */
  readonly route: RouteShape | null;
  /** Metres from the start line, strictly ascending from 0; on a route its points. */
  readonly distanceM: Float64Array;
  /** Milliseconds since the start line without those of stops, strictly ascending from 0. */
  readonly movingMs: Float64Array;
  /** By place, ascending. */
  readonly stops: readonly GhostStop[];
  /** When its run came to the start line, in milliseconds since that run's first point. */
  readonly startOffsetMs: number;
}

/** A ghost's line has a point every so many metres. */
export const ROUTE_STEP_M = 5;
/** A shorter recording is nobody to race against. */
export const SHORTEST_GHOST_M = 50;

/**
 * The ghost of a recorded run: fixes that cannot be are left out, standing at both ends is cut off, the line is smoothed (geo/smoothing.ts).
 * @returns null where the track has no places, or covers less than `SHORTEST_GHOST_M`
 */
export function ghostCurveOf(track: Track, pauses: readonly Pause[]): GhostCurve | null {
  const path = movingPath(track, pauses);
  if (path === null) return null;
  const smooth = smoothPath(path.movingMs, path.xM, path.yM, path.accuracyM);
  const alongM = cumulativeM(smooth.xM, smooth.yM);
  const lengthM = alongM.at(-1)!;
  if (lengthM < SHORTEST_GHOST_M) return null;
  const {
    stepM,
    columns: [xM, yM, movingMs],
  } = resampleEvenly(alongM, [smooth.xM, smooth.yM, path.movingMs], ROUTE_STEP_M);
  return {
    basis: 'route',
    route: { latDeg: path.plane.latDeg, lonDeg: path.plane.lonDeg, stepM, xM: xM!, yM: yM! },
    distanceM: Float64Array.from({ length: xM!.length }, (_, index) => index * stepM),
    movingMs: movingMs!,
    stops: path.stops.map(({ index, arrivalMs, durationMs }) => ({
      atM: alongM[index]!,
      arrivalMs,
      durationMs,
    })),
    startOffsetMs: path.startOffsetMs,
  };
}

export function lengthOf(curve: GhostCurve): number {
  return curve.distanceM.at(-1)!;
}

export function movingTimeOf(curve: GhostCurve): number {
  return curve.movingMs.at(-1)!;
}

/** Milliseconds from line to line, stops included: what the ghost has to be beaten by. */
export function elapsedTimeOf(curve: GhostCurve): number {
  return curve.stops.reduce((sum, { durationMs }) => sum + durationMs, movingTimeOf(curve));
}

/** Moving milliseconds since the start line at a distance; before the start 0, behind the finish its last. */
export function movingMsAt(curve: GhostCurve, alongM: number): number {
  if (curve.route === null) return interpolate(curve.distanceM, curve.movingMs, alongM);
  const last = curve.movingMs.length - 1;
  const exact = alongM / curve.route.stepM;
  if (!(exact > 0)) return 0;
  if (exact >= last) return curve.movingMs[last]!;
  const at = Math.floor(exact);
  const from = curve.movingMs[at]!;
  return from + (curve.movingMs[at + 1]! - from) * (exact - at);
}

/** Distance after so many moving milliseconds, within the line. */
export function distanceAtMoving(curve: GhostCurve, movingMs: number): number {
  return interpolate(curve.movingMs, curve.distanceM, movingMs);
}

/** Elapsed milliseconds at which the ghost came to a place, before whatever stop it makes there. */
export function arrivalMsAt(curve: GhostCurve, alongM: number): number {
  let ms = movingMsAt(curve, alongM);
  for (const { atM, durationMs } of curve.stops) if (atM < alongM) ms += durationMs;
  return ms;
}

/** Elapsed milliseconds at which the ghost left a place, after whatever stop it makes there. */
export function departureMsAt(curve: GhostCurve, alongM: number): number {
  let ms = movingMsAt(curve, alongM);
  for (const { atM, durationMs } of curve.stops) if (atM <= alongM) ms += durationMs;
  return ms;
}

/**
 * How much of an elapsed clock the ghost had been moving: its clock without its stops. Behind the finish it goes on with the clock, so that
 * a gap to somebody who has finished grows.
 */
export function movingAtElapsed(curve: GhostCurve, elapsedMs: number): number {
  let stoodMs = 0;
  for (const { arrivalMs, durationMs } of curve.stops) {
    if (elapsedMs <= arrivalMs) break;
    stoodMs += Math.min(durationMs, elapsedMs - arrivalMs);
  }
  return elapsedMs - stoodMs;
}

/** Where the ghost was at an elapsed clock, metres from the start line, within the line. */
export function distanceAtElapsed(curve: GhostCurve, elapsedMs: number): number {
  return distanceAtMoving(curve, movingAtElapsed(curve, elapsedMs));
}

/** Speed in m/s around a place, over `spanM` to both sides: what a plan for the next metres may assume. */
export function speedAt(curve: GhostCurve, alongM: number, spanM = 25): number {
  const [from, to] = [Math.max(0, alongM - spanM), Math.min(lengthOf(curve), alongM + spanM)];
  const ms = movingMsAt(curve, to) - movingMsAt(curve, from);
  return ms > 0 ? ((to - from) / ms) * 1000 : 0;
}

/** Place on the flat map at a distance; `out` is filled, since this is asked for every fix. */
export function placeAt(route: RouteShape, alongM: number, out: { xM: number; yM: number }): void {
  const last = route.xM.length - 1;
  const exact = Math.min(Math.max(alongM / route.stepM, 0), last);
  const at = Math.min(Math.floor(exact), last - 1);
  const share = exact - at;
  out.xM = route.xM[at]! + (route.xM[at + 1]! - route.xM[at]!) * share;
  out.yM = route.yM[at]! + (route.yM[at + 1]! - route.yM[at]!) * share;
}
