// How far somebody had come at each point of a track. The device's own distance is preferred (a foot pod or its filter knows better than
// unsmoothed places, which lengthen a run by 3 to 22 %); otherwise places are joined by great circles. Nobody runs 9 m/s over a
// second of GPS, so what would need more is a jump: the place is left out until it can be reached from the last believed one, and one
// that stays out of reach for ten seconds is believed without counting the way there.
//
// Invariants: starts at 0, never falls, one entry per point; what was covered while the watch was stopped does not count.
import { FASTEST_ON_FOOT_MPS } from '../geo/fastest-speed.js';
import { distanceM as between } from '../geo/geodesy.js';
import { finished, PORTION_POINTS } from '../geo/portions.js';
import type { Pause, Track } from '../geo/track.js';
import { activeClock } from './active-clock.js';

/** After so long in a place out of reach the place is right, and the jump was the receiver's. */
const BELIEVED_AFTER_MS = 10_000;
/** Exporters that start again at every lap make a distance fall; what wheels and filters take back is less. */
const RESET_M = 20;

export interface DistanceCurve {
  readonly basis: 'device' | 'gps' | 'none';
  readonly tMs: Float64Array;
  /** Milliseconds of the watch that stands still in pauses. */
  readonly activeMs: Float64Array;
  /** Metres since the start. */
  readonly distanceM: Float64Array;
  readonly totalM: number;
}

export function distanceCurveOf(track: Track, pauses: readonly Pause[]): DistanceCurve {
  return finished(distanceCurveInPortions(track, pauses));
}

export function* distanceCurveInPortions(
  track: Track,
  pauses: readonly Pause[],
): Generator<void, DistanceCurve> {
  const activeMs = activeClock(track.tMs, pauses);
  yield;
  const device = deviceDistances(track, activeMs);
  if (device !== null) return curve('device', track.tMs, activeMs, device);
  yield;
  return yield* gpsCurveInPortions(track, activeMs);
}

/** By places alone, whatever the device says. @param activeMs of `activeClock` */
export function gpsCurveOf(track: Track, activeMs: Float64Array): DistanceCurve {
  return finished(gpsCurveInPortions(track, activeMs));
}

function* gpsCurveInPortions(track: Track, activeMs: Float64Array): Generator<void, DistanceCurve> {
  const places = yield* placeDistances(track, activeMs);
  return curve(
    places === null ? 'none' : 'gps',
    track.tMs,
    activeMs,
    places ?? new Float64Array(track.length),
  );
}

function curve(
  basis: DistanceCurve['basis'],
  tMs: Float64Array,
  activeMs: Float64Array,
  distanceM: Float64Array,
): DistanceCurve {
  return { basis, tMs, activeMs, distanceM, totalM: distanceM.at(-1) ?? 0 };
}

/** Null where the device told none worth believing. */
function deviceDistances(track: Track, activeMs: Float64Array): Float64Array | null {
  const told = track.deviceDistanceM;
  if (told === null) return null;
  const out = new Float64Array(track.length).fill(Number.NaN);
  let first = Number.NaN;
  let farthest = 0;
  let count = 0;
  for (let index = 0; index < told.length; index++) {
    const value = told[index]!;
    if (!Number.isFinite(value)) continue;
    if (count === 0) first = value;
    if (value - first < farthest - RESET_M) return null;
    farthest = Math.max(farthest, value - first);
    out[index] = farthest;
    count += 1;
  }
  const activeS = (activeMs.at(-1) ?? 0) / 1000;
  const isWhole = count * 2 >= track.length && reachesBothEnds(told);
  if (!isWhole || farthest === 0 || farthest > fastestMpsIn(track) * activeS) return null;
  fillBetween(out, activeMs);
  return out;
}

function fastestMpsIn({ fastestMps }: Track): number {
  return fastestMps ?? FASTEST_ON_FOOT_MPS;
}

/** Whether the first and the last twentieth of the points have a value. */
function reachesBothEnds(values: Float64Array): boolean {
  const margin = Math.ceil(values.length / 20);
  return values.subarray(0, margin).some(Number.isFinite) && values.subarray(-margin).some(Number.isFinite);
}

/** A stretch of places out of reach of the last believed one, each within reach of its predecessor. */
interface Stray {
  readonly first: number;
  last: number;
  pathM: number;
}

/** Null where no two points have a place. */
function* placeDistances(track: Track, activeMs: Float64Array): Generator<void, Float64Array | null> {
  const { latDeg, lonDeg, tMs } = track;
  const fastestMps = fastestMpsIn(track);
  const out = new Float64Array(track.length).fill(Number.NaN);
  const gapM = (a: number, b: number): number => between(latDeg[a]!, lonDeg[a]!, latDeg[b]!, lonDeg[b]!);
  const isReachable = (a: number, b: number, way: number): boolean =>
    way * 1000 <= fastestMps * (activeMs[b]! - activeMs[a]!);
  let anchor = -1;
  let totalM = 0;
  let places = 0;
  let stray: Stray | null = null;
  for (let index = 0; index < track.length; index++) {
    if (index % PORTION_POINTS === 0) yield;
    if (Number.isNaN(latDeg[index]!) || Number.isNaN(lonDeg[index]!)) continue;
    places += 1;
    const way = anchor < 0 ? 0 : gapM(anchor, index);
    const hasPaused = anchor >= 0 && tMs[index]! - tMs[anchor]! > activeMs[index]! - activeMs[anchor]! + 0.5;
    if (anchor < 0 || isReachable(anchor, index, way)) {
      totalM += way;
    } else if (!hasPaused) {
      stray = grownStray(stray, index, gapM, isReachable);
      if (activeMs[index]! - activeMs[stray.first]! < BELIEVED_AFTER_MS) continue;
      totalM += stray.pathM;
    }
    // Over a pause one may walk anywhere: the new place counts from here on, the way to it does not.
    stray = null;
    anchor = index;
    out[index] = totalM;
  }
  if (places < 2) return null;
  fillBetween(out, activeMs);
  return out;
}

function grownStray(
  stray: Stray | null,
  index: number,
  gapM: (a: number, b: number) => number,
  isReachable: (a: number, b: number, way: number) => boolean,
): Stray {
  if (stray !== null) {
    const way = gapM(stray.last, index);
    if (isReachable(stray.last, index, way)) {
      stray.last = index;
      stray.pathM += way;
      return stray;
    }
  }
  return { first: index, last: index, pathM: 0 };
}

/** Values for NaN: in between evenly by the clock, outside the nearest one. */
export function fillBetween(values: Float64Array, clock: Float64Array): void {
  let known = -1;
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index]!)) continue;
    if (known < 0) values.fill(values[index]!, 0, index);
    else if (index > known + 1) fillRange(values, clock, known, index);
    known = index;
  }
  if (known >= 0) values.fill(values[known]!, known + 1);
}

function fillRange(values: Float64Array, clock: Float64Array, from: number, to: number): void {
  const span = clock[to]! - clock[from]!;
  const rise = values[to]! - values[from]!;
  for (let index = from + 1; index < to; index++) {
    const share = span > 0 ? (clock[index]! - clock[from]!) / span : 1;
    values[index] = values[from]! + rise * share;
  }
}
