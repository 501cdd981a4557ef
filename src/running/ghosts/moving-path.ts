import { distanceM, planeAround, type LocalPlane } from '../geo/geodesy.js';
import type { Pause, Track } from '../geo/track.js';

// From what a receiver recorded to the places somebody moved through: fixes that cannot be are left out, each stop becomes one place with a
// duration, and standing or strolling at both ends, before the run begins and after it is over, is cut off.

export interface PathStop {
  /** Point of the path. */
  readonly index: number;
  /** Elapsed milliseconds since the path's first point. */
  readonly arrivalMs: number;
  readonly durationMs: number;
}

export interface MovingPath {
  readonly plane: LocalPlane;
  /** Milliseconds since the first point without those of stops, strictly ascending. */
  readonly movingMs: Float64Array;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
  readonly accuracyM: Float64Array | null;
  readonly stops: readonly PathStop[];
  /** Of the first point, in the track's own milliseconds. */
  readonly startOffsetMs: number;
}

/** A fix that says of itself that it is worse is none (running.md 4.2). */
const WORST_ACCURACY_M = 35;
/** Faster than any runner; the fix that says so is wrong. */
const FASTEST_MPS = 9;
/** Fixes that agree with each other but not with the last good one: after so many it was that one which was wrong. */
const OUTLIERS_TO_BELIEVE = 5;
/** Standing: less than 0.5 m/s, all within a circle, for so long (running.md 5, moving time). */
const STANDING_MS = 5_000;
const STANDING_M = 2.5;
/** Nothing recorded for longer is a gap; somebody stood in it when its ends are nearer to each other than they would have strolled. */
const GAP_MS = 15_000;
const STANDING_MPS = 0.5;
/** What is slower than this share of somebody's median speed is a stroll to the start, or no running through a gap. */
const STROLL_RATIO = 0.4;
/** Behind their line people slow down before they stop the watch: in the last seconds, what is slower than this share of the minute before. */
const OVER_RATIO = 0.75;
const OVER_WITHIN_MS = 15_000;
const BEFORE_MS = 60_000;
const ENDS_WINDOW_MS = 4_000;

/** @returns null with fewer than three fixes that count */
export function movingPath(track: Track, pauses: readonly Pause[]): MovingPath | null {
  const fixes = usableFixes(track);
  if (fixes.length < 3) return null;
  const first = fixes[0]!;
  const plane = planeAround(track.latDeg[first]!, track.lonDeg[first]!);
  const at: Points = {
    index: fixes,
    tMs: Float64Array.from(fixes, (index) => track.tMs[index]!),
    xM: Float64Array.from(fixes, (index) => plane.x(track.lonDeg[index]!)),
    yM: Float64Array.from(fixes, (index) => plane.y(track.latDeg[index]!)),
  };
  const gathered = gather(at, standing(at, pauses));
  const [from, to] = ends(gathered);
  if (to - from < 2) return null;
  return cut(gathered, from, to, plane, track, fixes);
}

interface Points {
  readonly index: readonly number[];
  readonly tMs: Float64Array;
  readonly xM: Float64Array;
  readonly yM: Float64Array;
}

/** Indices of fixes with a place that can be, in order. */
export function usableFixes(track: Track): number[] {
  const kept: number[] = [];
  let refused: number[] = [];
  const speed = (from: number, to: number): number =>
    distanceM(track.latDeg[from]!, track.lonDeg[from]!, track.latDeg[to]!, track.lonDeg[to]!) /
    ((track.tMs[to]! - track.tMs[from]!) / 1000);
  for (let index = 0; index < track.length; index += 1) {
    if (!Number.isFinite(track.latDeg[index]!) || !Number.isFinite(track.lonDeg[index]!)) continue;
    const accuracy = track.accuracyM?.[index];
    if (accuracy !== undefined && accuracy > WORST_ACCURACY_M) continue;
    const last = kept.at(-1);
    if (last !== undefined && speed(last, index) > FASTEST_MPS) {
      const before = refused.at(-1);
      if (before !== undefined && speed(before, index) > FASTEST_MPS) refused = [];
      refused.push(index);
      if (refused.length < OUTLIERS_TO_BELIEVE) continue;
      // Only where next to nothing was kept so far can the first fixes have been the wrong ones.
      if (kept.length > OUTLIERS_TO_BELIEVE) continue;
      kept.length = 0;
      kept.push(...refused);
      refused = [];
      continue;
    }
    refused = [];
    kept.push(index);
  }
  return kept;
}

/** For each stretch between neighbours whether it was stood through. */
function standing({ tMs, xM, yM }: Points, pauses: readonly Pause[]): Uint8Array {
  const stood = new Uint8Array(tMs.length - 1);
  const strollMps = Math.max(STANDING_MPS, STROLL_RATIO * typicalSpeed(tMs, xM, yM, null));
  for (let from = 0; from < stood.length; from += 1) {
    let to = from;
    while (to + 1 < tMs.length && tMs[to]! - tMs[from]! < STANDING_MS) {
      to += 1;
      if (Math.hypot(xM[to]! - xM[from]!, yM[to]! - yM[from]!) > STANDING_M) break;
    }
    const lastsMs = tMs[to]! - tMs[from]!;
    const awayM = Math.hypot(xM[to]! - xM[from]!, yM[to]! - yM[from]!);
    if (lastsMs >= STANDING_MS && awayM <= STANDING_M) stood.fill(1, from, to);
    const nextMs = tMs[from + 1]! - tMs[from]!;
    const nextM = Math.hypot(xM[from + 1]! - xM[from]!, yM[from + 1]! - yM[from]!);
    if (nextMs > GAP_MS && nextM < (strollMps * nextMs) / 1000) stood[from] = 1;
  }
  for (const { fromMs, toMs } of pauses) {
    for (let from = 0; from < stood.length; from += 1) {
      if (tMs[from]! >= fromMs - 1 && tMs[from + 1]! <= toMs + 1) stood[from] = 1;
      else if (tMs[from]! < toMs && tMs[from + 1]! > fromMs && toMs - fromMs > STANDING_MS) {
        // A pause inside of a stretch: nothing was recorded in it.
        if (tMs[from + 1]! - tMs[from]! < toMs - fromMs + STANDING_MS) stood[from] = 1;
      }
    }
  }
  return stood;
}

interface Gathered {
  readonly index: number[];
  readonly movingMs: number[];
  readonly elapsedMs: number[];
  readonly xM: number[];
  readonly yM: number[];
  readonly stopMs: number[];
}

/** Each run of stood-through stretches becomes one point with a duration. */
function gather(points: Points, stood: Uint8Array): Gathered {
  const out: Gathered = { index: [], movingMs: [], elapsedMs: [], xM: [], yM: [], stopMs: [] };
  const typicalMps = typicalSpeed(points.tMs, points.xM, points.yM, stood);
  let movingMs = 0;
  const push = (index: number, xM: number, yM: number, stopMs: number): void => {
    out.index.push(points.index[index]!);
    out.movingMs.push(movingMs);
    out.elapsedMs.push(points.tMs[index]! - points.tMs[0]!);
    out.xM.push(xM);
    out.yM.push(yM);
    out.stopMs.push(stopMs);
  };
  for (let from = 0; from < points.tMs.length;) {
    let to = from;
    while (to < stood.length && stood[to] === 1) to += 1;
    const lastsMs = points.tMs[to]! - points.tMs[from]!;
    const shiftM = Math.hypot(points.xM[to]! - points.xM[from]!, points.yM[to]! - points.yM[from]!);
    if (to > from && shiftM > 4 * STANDING_M) {
      // The watch was stopped, its wearer was not: what they covered took the time it takes them.
      const walkedMs = Math.min(lastsMs, (shiftM / typicalMps) * 1000);
      push(from, points.xM[from]!, points.yM[from]!, lastsMs - walkedMs);
      movingMs += Math.max(1, walkedMs);
      push(to, points.xM[to]!, points.yM[to]!, 0);
    } else if (to > from) {
      push(from, mean(points.xM, from, to), mean(points.yM, from, to), lastsMs);
    } else {
      push(from, points.xM[from]!, points.yM[from]!, 0);
    }
    if (to + 1 < points.tMs.length) movingMs += points.tMs[to + 1]! - points.tMs[to]!;
    from = to + 1;
  }
  return out;
}

/** Speed of stretches that were neither stood through nor gaps. */
function typicalSpeed(
  tMs: Float64Array,
  xM: Float64Array,
  yM: Float64Array,
  stood: Uint8Array | null,
): number {
  let ms = 0;
  let metres = 0;
  for (let from = 0; from + 1 < tMs.length; from += 1) {
    const lastsMs = tMs[from + 1]! - tMs[from]!;
    if (lastsMs > GAP_MS || stood?.[from] === 1) continue;
    ms += lastsMs;
    metres += Math.hypot(xM[from + 1]! - xM[from]!, yM[from + 1]! - yM[from]!);
  }
  return ms > 0 ? Math.max(0.5, (metres / ms) * 1000) : 1.4;
}

function mean(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index <= to; index += 1) sum += values[index]!;
  return sum / (to - from + 1);
}

/** First and last point between which somebody runs. */
function ends(path: Gathered): [number, number] {
  const speeds = windowSpeeds(path);
  const known = speeds.filter((speed) => Number.isFinite(speed)).sort((a, b) => a - b);
  const median = known[known.length >> 1] ?? 0;
  const from = Math.max(
    0,
    speeds.findIndex((speed) => speed >= STROLL_RATIO * median),
  );
  const last = Math.max(
    from,
    speeds.findLastIndex((speed) => speed >= STROLL_RATIO * median),
  );
  return [from, lineOf(path, speeds, last)];
}

/** Where the last seconds of a run, up to the window that starts at a point, still are running. */
function lineOf(path: Gathered, speeds: readonly number[], last: number): number {
  const endMs = path.movingMs[last]!;
  const before = speeds.filter((_, at) => {
    const untilMs = endMs - path.movingMs[at]!;
    return untilMs > OVER_WITHIN_MS && untilMs < OVER_WITHIN_MS + BEFORE_MS;
  });
  const usual = before.reduce((sum, speed) => sum + speed, 0) / before.length;
  let line = last;
  while (line > 0 && endMs - path.movingMs[line]! < OVER_WITHIN_MS && speeds[line]! < OVER_RATIO * usual)
    line -= 1;
  return line === last ? line + windowFrom(path, line) : line;
}

/** How many points after one its window ends: two at least, since a receiver may tell a place every five seconds. */
function windowFrom({ movingMs }: Gathered, from: number): number {
  let to = from;
  while (to + 1 < movingMs.length && (movingMs[to]! - movingMs[from]! < ENDS_WINDOW_MS || to - from < 2))
    to += 1;
  return to - from;
}

/** Speed from each point over the window that starts there; NaN where the rest is too short for one. */
function windowSpeeds(path: Gathered): number[] {
  const { movingMs, elapsedMs, xM, yM, stopMs } = path;
  return movingMs.map((startMs, from) => {
    const to = from + windowFrom(path, from);
    let metres = 0;
    for (let at = from + 1; at <= to; at += 1)
      metres += Math.hypot(xM[at]! - xM[at - 1]!, yM[at]! - yM[at - 1]!);
    const lastsMs = movingMs[to]! - startMs;
    // A stop at the very start counts as slow: it is what is to be cut.
    if (stopMs[from]! > 0 && elapsedMs[from] === 0) return 0;
    return lastsMs < ENDS_WINDOW_MS / 2 ? Number.NaN : (metres / lastsMs) * 1000;
  });
}

function cut(
  path: Gathered,
  from: number,
  to: number,
  plane: LocalPlane,
  track: Track,
  fixes: readonly number[],
): MovingPath {
  const slice = (values: readonly number[]): Float64Array => Float64Array.from(values.slice(from, to + 1));
  const startMs = path.movingMs[from]!;
  // Whoever begins with a stop begins when it ends.
  const startsAtMs = path.elapsedMs[from]! + path.stopMs[from]!;
  const stops: PathStop[] = [];
  for (let index = from + 1; index < to; index += 1) {
    const durationMs = path.stopMs[index]!;
    if (durationMs > 0) {
      stops.push({ index: index - from, arrivalMs: path.elapsedMs[index]! - startsAtMs, durationMs });
    }
  }
  const accuracyM = track.accuracyM;
  return {
    plane,
    movingMs: slice(path.movingMs).map((ms) => ms - startMs),
    xM: slice(path.xM),
    yM: slice(path.yM),
    accuracyM: accuracyM === null ? null : slice(path.index.map((index) => accuracyM[index]!)),
    stops,
    startOffsetMs: track.tMs[fixes[0]!]! + startsAtMs,
  };
}
