import { EARTH_RADIUS_M, wrapDeg } from '../geo/geodesy.js';
import { PORTION_POINTS } from '../geo/portions.js';
import type { Places } from './stretch-figures.js';

// Which places of a track can be true together. Between two true places lies no speed that nobody reaches; a receiver that loses its
// satellites writes islands of false ones, single points or half a minute of them. Sought is the chain of points that keeps most of them
// and leaps least: a leap costs as much as {@link LEAP_POINTS} points, so that islands go and a true change of place (a tunnel, a lift) stays.
// Only the surroundings of impossible steps are looked at; everything else is kept as it is.

/** Points that it is worth to lose rather than to leap. */
const LEAP_POINTS = 20;
/** Islands up to this many points are bridged: two leaps' worth. */
const REACH = 2 * LEAP_POINTS;
/** Between two turns. */
const SOLVED_POINTS = Math.ceil(PORTION_POINTS / REACH);
const RAD = Math.PI / 180;

export interface Chain {
  /** 1 = the place is not believed. Points without a place are never marked. */
  readonly isOut: Uint8Array;
  /** Pairs of indices between which the chain leaps all the same. */
  readonly leaps: readonly (readonly [from: number, to: number])[];
}

/**
 * @param placed indices of the points with a place, in order @param maxSpeedMps what nobody exceeds
 * @param isStop whether the watch was stopped between two points: then any distance may lie between them
 */
export function* plausibleChain(
  places: Places,
  placed: Int32Array,
  maxSpeedMps: number,
  isStop: (before: number, after: number) => boolean,
): Generator<void, Chain> {
  const isOut = new Uint8Array(places.latDeg.length);
  const leaps: [number, number][] = [];
  const canFollow = (a: number, b: number): boolean => {
    const [from, to] = [placed[a]!, placed[b]!];
    const most = (maxSpeedMps * (places.tMs[to]! - places.tMs[from]!)) / 1_000;
    return flatDistanceM(places, from, to) <= most || isStop(from, to);
  };
  for (let fault = yield* nextFault(1, placed.length, canFollow); fault < placed.length;) {
    const first = Math.max(0, fault - REACH);
    let last = fault;
    // Faults whose surroundings touch are solved together.
    for (
      ;
      fault < placed.length && fault - last <= 2 * REACH;
      fault = yield* nextFault(fault + 1, placed.length, canFollow)
    )
      last = fault;
    yield* solve(first, Math.min(placed.length - 1, last + REACH), placed, canFollow, isOut, leaps);
  }
  return { isOut, leaps };
}

/** The next point that cannot follow the one before it; the length where there is none. */
function* nextFault(
  from: number,
  length: number,
  canFollow: (a: number, b: number) => boolean,
): Generator<void, number> {
  for (let at = from; at < length; at += 1) {
    if (at % PORTION_POINTS === 0) yield;
    if (!canFollow(at - 1, at)) return at;
  }
  return length;
}

/** Keeps the best chain from `first` to `end`, whose ends are fixed unless they are those of the track. O(points * reach). */
function* solve(
  first: number,
  end: number,
  placed: Int32Array,
  canFollow: (a: number, b: number) => boolean,
  isOut: Uint8Array,
  leaps: [number, number][],
): Generator<void, void> {
  const count = end - first + 1;
  const score = new Float64Array(count);
  const before = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at += 1) {
    if (at % SOLVED_POINTS === 0) yield;
    // The track may begin with any of its points, the first ones being false.
    score[at] = first === 0 || at === 0 ? 1 : -Infinity;
    for (let back = 1; back <= Math.min(REACH + 1, at); back += 1) {
      const from = at - back;
      // Nothing further back can be better than the best that all points between would give.
      const kept = score[from]! + 1;
      if (kept <= score[at]!) continue;
      const total = kept - (canFollow(first + from, first + at) ? 0 : LEAP_POINTS);
      if (total > score[at]!) [score[at], before[at]] = [total, from];
    }
  }
  let at = count - 1;
  if (end === placed.length - 1)
    for (let other = 0; other < count; other += 1) if (score[other]! > score[at]!) at = other;
  for (let out = at + 1; out < count; out += 1) isOut[placed[first + out]!] = 1;
  for (let from = before[at]!; from >= 0; from = before[at]!) {
    for (let out = from + 1; out < at; out += 1) isOut[placed[first + out]!] = 1;
    if (!canFollow(first + from, first + at)) leaps.push([placed[first + from]!, placed[first + at]!]);
    at = from;
  }
  for (let out = 0; out < at; out += 1) isOut[placed[first + out]!] = 1;
}

/** On a flat map between the two; near enough to tell what can be run, and several times faster than on the sphere. */
function flatDistanceM({ latDeg, lonDeg }: Places, a: number, b: number): number {
  const dLat = latDeg[b]! - latDeg[a]!;
  const dLon = wrapDeg(lonDeg[b]! - lonDeg[a]!) * Math.cos(((latDeg[a]! + latDeg[b]!) / 2) * RAD);
  return EARTH_RADIUS_M * RAD * Math.sqrt(dLat * dLat + dLon * dLon);
}
