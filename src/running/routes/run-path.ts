import { distanceM, planeAround } from '../geo/geodesy.js';
import { type SmoothingNoise, smoothPath } from '../geo/smoothing.js';
import type { Pause, Track } from '../geo/track.js';
import { type Place, positionOf, type WayShape, SHAPE_STEP_M, shapeOf } from './route-shape.js';

// The way that a run took, with the times at its places. Receivers err: places that they do not believe themselves or that nobody runs to
// are left out, the rest is smoothed. Somebody who stands still arrives at a place and leaves it later; both are kept,
// or a stop at the start of a route would count as time on it.

/** A place that may lie further off than this, by the device's own judgement, is left out (specs: 35 m). */
const MOST_ACCURACY_M = 35;
/** The same for every run, whatever its receiver, so that two runs of one way have shapes of one kind. */
const SHAPE_NOISE: SmoothingNoise = { placeM: 2, acceleration: 0.5 };
/** Nobody runs faster for long. */
const MOST_SPEED_MPS = 9;
/** What two places may differ by the receiver alone. */
const SLACK_M = 15;
/** After so long of places that nobody could have run to, they are where the run is: the receiver had lost itself before. */
const LOST_MS = 10_000;
/** A stride that takes longer than this holds a stop; without one it would take {@link STRIDE_MS}. */
const SLOW_STRIDE_MS = 10_000;
const STRIDE_MS = 4_000;

export interface RunPath {
  readonly shape: WayShape;
  /** When each place of the shape was reached and when it was left for the next one, in milliseconds since the run's start. */
  readonly arriveMs: Float64Array;
  readonly leaveMs: Float64Array;
  readonly pauses: readonly Pause[];
}

interface Fix extends Place {
  readonly tMs: number;
  /** NaN = not told. */
  readonly accuracyM: number;
}

/** @returns null for a run without a way: no receiver, or hardly a step */
export function pathOf(track: Track, pauses: readonly Pause[] = []): RunPath | null {
  const fixes = smooth(believable(track));
  const arrivals: number[] = [];
  const shape = shapeOf(fixes, (piece, ratio) => {
    const [from, to] = [fixes[piece]!, fixes[Math.min(piece + 1, fixes.length - 1)]!];
    arrivals.push(from.tMs + ratio * (to.tMs - from.tMs));
  });
  if (shape === null) return null;
  const arriveMs = Float64Array.from(arrivals);
  return { shape, arriveMs, leaveMs: leavingTimes(arriveMs), pauses };
}

function believable(track: Track): Fix[] {
  const kept: Fix[] = [];
  for (let index = 0; index < track.length; index += 1) {
    const fix = fixAt(track, index);
    if (Number.isNaN(fix.latDeg) || Number.isNaN(fix.lonDeg) || fix.accuracyM > MOST_ACCURACY_M) continue;
    const last = kept.at(-1);
    if (last === undefined || isReachable(last, fix)) kept.push(fix);
  }
  return kept;
}

function isReachable(last: Fix, next: Fix): boolean {
  const tookMs = next.tMs - last.tMs;
  const wayM = distanceM(last.latDeg, last.lonDeg, next.latDeg, next.lonDeg);
  return tookMs > LOST_MS || wayM <= SLACK_M + (MOST_SPEED_MPS * tookMs) / 1_000;
}

function fixAt({ tMs, latDeg, lonDeg, altitudeM, accuracyM }: Track, index: number): Fix {
  return {
    tMs: tMs[index]!,
    latDeg: latDeg[index]!,
    lonDeg: lonDeg[index]!,
    altitudeM: altitudeM?.[index] ?? Number.NaN,
    accuracyM: accuracyM?.[index] ?? Number.NaN,
  };
}

/** Without the jitter of the receiver, on a flat map: over a run it bends distances by less than the jitter does. */
function smooth(fixes: readonly Fix[]): Fix[] {
  if (fixes.length < 2) return [...fixes];
  const plane = planeAround(fixes[0]!.latDeg, fixes[0]!.lonDeg);
  const { xM, yM } = smoothPath(
    Float64Array.from(fixes, ({ tMs }) => tMs),
    Float64Array.from(fixes, ({ lonDeg }) => plane.x(lonDeg)),
    Float64Array.from(fixes, ({ latDeg }) => plane.y(latDeg)),
    Float64Array.from(fixes, ({ accuracyM }) => accuracyM),
    SHAPE_NOISE,
  );
  return fixes.map((fix, index) => ({
    ...fix,
    latDeg: plane.lat(yM[index]!),
    lonDeg: plane.lon(xM[index]!),
  }));
}

function leavingTimes(arriveMs: Float64Array): Float64Array {
  return arriveMs.map((arrived, index) => {
    const next = arriveMs[index + 1];
    return next === undefined || next - arrived <= SLOW_STRIDE_MS ? arrived : next - STRIDE_MS;
  });
}

/** When the run left the place at so many metres of its way, in milliseconds since its start. */
export function leaveMsAt(path: RunPath, atM: number): number {
  return timeAt(path, atM, path.leaveMs);
}

/** When it reached it. */
export function arriveMsAt(path: RunPath, atM: number): number {
  return timeAt(path, atM, path.arriveMs);
}

/** Between two places the run moves from leaving the one to reaching the other; at a place itself `atPlace` decides. */
function timeAt({ shape, arriveMs, leaveMs }: RunPath, atM: number, atPlace: Float64Array): number {
  const at = Math.min(Math.max(atM, 0), shape.distanceM);
  const index = Math.min(Math.floor(at / SHAPE_STEP_M), arriveMs.length - 1);
  const from = positionOf(shape, index);
  const next = arriveMs[index + 1];
  if (next === undefined || at <= from) return atPlace[index]!;
  const to = positionOf(shape, index + 1);
  return at >= to
    ? atPlace[index + 1]!
    : leaveMs[index]! + ((at - from) / (to - from)) * (next - leaveMs[index]!);
}

/** Milliseconds of pauses between two moments of the run. */
export function pausedMs(pauses: readonly Pause[], fromMs: number, toMs: number): number {
  return pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(toMs, pause.toMs) - Math.max(fromMs, pause.fromMs)),
    0,
  );
}
