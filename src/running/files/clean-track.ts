import { fastestMpsOf } from '../geo/fastest-speed.js';
import { finished } from '../geo/portions.js';
import type { Pause, Track } from '../geo/track.js';
import {
  type Correction,
  CORRECTION_KINDS,
  type ParsedActivity,
  type StretchFigures,
} from './parsed-activity.js';
import { plausibleChain } from './plausible-chain.js';
import { rounded, stepM, stretchFigures } from './stretch-figures.js';

// What a file says and is not believed: places that nobody can have run to (spikes, taken out), leaps between two stretches that are both
// true in themselves (jumps, named and not counted), and silences in which nobody moved (pauses). Each correction tells the runner what, where,
// why, and the figures before and after. Points are never moved and never invented; a place that goes leaves its heart rate behind.
// What a file says of times is judged before: {@link settleTimes}.

/** A silence of a stop, where the device is not known to be sparing with points. */
const SILENCE_MS = 15_000;
const SILENCE_STEPS = 4;
/** Whoever moves less is standing; the same threshold as for moving time. */
const STANDING_MPS = 0.5;
/** Points of one correction lie this near each other. */
const JOINED_POINTS = 10;
/** A correction that shortens the way by less is one of times. */
const SAME_WAY_M = 1;
const LATE_PLACES =
  'Places on the way that came a moment late, so that single steps were faster than anybody runs.';
/** What is kept with a run; more of a kind are told as one. */
export const MOST_CORRECTIONS = 200;

/** What a run is made of. */
export interface CleanActivity {
  readonly track: Track;
  readonly pauses: readonly Pause[];
  /** Those of reading and those made here, by time. */
  readonly corrections: readonly Correction[];
}

/** Judges the places of an activity. Clean ones come back as they are, without a copy. */
export function cleanTrack(activity: ParsedActivity): CleanActivity {
  return finished(cleanTrackInPortions(activity));
}

export function* cleanTrackInPortions({
  track,
  pauses: told,
  sport,
  corrections,
}: ParsedActivity): Generator<void, CleanActivity> {
  const placed = placedPoints(track);
  const silent = silentStops(track, told);
  yield;
  const pauses = inOrder([...told, ...silent.map(({ pause }) => pause)]);
  const isStop = stopsOf(track, pauses);
  const chain = yield* plausibleChain(track, placed, fastestMpsOf(sport), isStop);
  const isTouched = chain.isOut.includes(1);
  const found = [
    ...silent.map(({ correction }) => correction),
    ...(yield* spikes(track, placed, chain.isOut, isStop, fastestMpsOf(sport))),
    ...chain.leaps.map(([from, to]) => jump(track, from, to)),
  ];
  yield;
  return {
    track: isTouched ? withoutPlaces(track, chain.isOut) : track,
    pauses,
    corrections: foldCorrections([...corrections, ...found].sort((a, b) => a.fromMs - b.fromMs)),
  };
}

function placedPoints({ latDeg, length }: Track): Int32Array {
  const placed = new Int32Array(length);
  let count = 0;
  for (let at = 0; at < length; at += 1) if (!Number.isNaN(latDeg[at]!)) placed[count++] = at;
  return placed.subarray(0, count);
}

/** Long silences between two points that are at the same place, or at the same distance where there are no places. */
function silentStops(track: Track, told: readonly Pause[]): { pause: Pause; correction: Correction }[] {
  const { tMs, length } = track;
  const isStop = stopsOf(track, told);
  const silenceMs = Math.max(SILENCE_MS, SILENCE_STEPS * medianStepMs(tMs));
  const stops: { pause: Pause; correction: Correction }[] = [];
  for (let at = 1; at < length; at += 1) {
    const lasts = tMs[at]! - tMs[at - 1]!;
    if (lasts < silenceMs || isStop(at - 1, at)) continue;
    const byPlaceM = stepM(track, at - 1, at);
    const movedM = Number.isNaN(byPlaceM) ? deviceStepM(track, at) : byPlaceM;
    // Where neither is known it is no stop.
    if (!(movedM < (STANDING_MPS * lasts) / 1_000)) continue;
    const pause = { fromMs: tMs[at - 1]!, toMs: tMs[at]! };
    const figures = stretchFigures(track, at - 1, at);
    const reason = `No point for ${Math.round(lasts / 1_000)} s, and only ${Math.round(movedM)} m between before and after: taken for a stop.`;
    const after = { ...figures, distanceM: 0, maxSpeedMps: 0 };
    stops.push({
      pause,
      correction: { kind: 'pause', ...pause, pointCount: 0, reason, before: figures, after },
    });
  }
  return stops;
}

function deviceStepM({ deviceDistanceM }: Track, at: number): number {
  return deviceDistanceM ? deviceDistanceM[at]! - deviceDistanceM[at - 1]! : Number.NaN;
}

function medianStepMs(tMs: Float64Array): number {
  const stride = Math.max(1, Math.floor(tMs.length / 1_000));
  const steps: number[] = [];
  for (let at = 1; at < tMs.length; at += stride) steps.push(tMs[at]! - tMs[at - 1]!);
  return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
}

/** Whether a pause lies between two points; asked in any order. @param pauses ascending, without overlaps */
function stopsOf({ tMs }: Track, pauses: readonly Pause[]): (before: number, after: number) => boolean {
  if (pauses.length === 0) return () => false;
  return (before, after) => {
    let [low, high] = [0, pauses.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pauses[middle]!.toMs <= tMs[before]!) low = middle + 1;
      else high = middle;
    }
    return low < pauses.length && pauses[low]!.fromMs < tMs[after]!;
  };
}

function inOrder(pauses: readonly Pause[]): Pause[] {
  return [...pauses].sort((a, b) => a.fromMs - b.fromMs);
}

/** Points whose places went, in stretches, each with the believed points around it. */
function* spikes(
  track: Track,
  placed: Int32Array,
  isOut: Uint8Array,
  isStop: (before: number, after: number) => boolean,
  maxSpeedMps: number,
): Generator<void, Correction[]> {
  const found: Correction[] = [];
  let late: Correction | null = null;
  for (let at = 0; at < placed.length; at += 1) {
    if (!isOut[placed[at]!]) continue;
    let [last, count] = [at, 1];
    for (let next = at + 1; next < placed.length && next - last <= JOINED_POINTS; next += 1) {
      if (!isOut[placed[next]!]) continue;
      last = next;
      count += 1;
    }
    const [from, to] = [placed[Math.max(0, at - 1)]!, placed[Math.min(placed.length - 1, last + 1)]!];
    const before = stretchFigures(track, from, to, undefined, isStop);
    const after = stretchFigures(track, from, to, isOut, isStop);
    const range = { fromMs: track.tMs[placed[at]!]!, toMs: track.tMs[placed[last]!]! };
    yield;
    const isOnTheWay = before.distanceM - after.distanceM < SAME_WAY_M;
    const reason = isOnTheWay ? LATE_PLACES : farPlaces(before.maxSpeedMps, maxSpeedMps);
    const spike: Correction = { kind: 'spike', ...range, pointCount: count, reason, before, after };
    if (isOnTheWay) late = late ? { ...bothOf(late, spike), reason } : spike;
    else found.push(spike);
    at = last;
  }
  return late ? [...found, late] : found;
}

function farPlaces(speedMps: number, maxSpeedMps: number): string {
  return `Places that nobody can have been at: the way to them takes ${speedMps.toFixed(1)} m/s, more than ${maxSpeedMps} m/s.`;
}

function jump(track: Track, from: number, to: number): Correction {
  const seconds = (track.tMs[to]! - track.tMs[from]!) / 1_000;
  const distanceM = stepM(track, from, to);
  const before = { pointCount: 2, distanceM: rounded(distanceM), maxSpeedMps: rounded(distanceM / seconds) };
  return {
    kind: 'jump',
    fromMs: track.tMs[from]!,
    toMs: track.tMs[to]!,
    pointCount: 2,
    reason: `The place changes by ${Math.round(before.distanceM)} m within ${seconds} s and stays there: the receiver found its way again. The step is not run.`,
    before,
    after: { ...before, distanceM: 0, maxSpeedMps: 0 },
  };
}

/** A file of noise has thousands; what does not fit is told once for each kind. @param all by time */
function foldCorrections(all: readonly Correction[]): Correction[] {
  if (all.length <= MOST_CORRECTIONS) return [...all];
  const shown = all.slice(0, MOST_CORRECTIONS - CORRECTION_KINDS.length);
  const rest = all.slice(shown.length);
  const folded = CORRECTION_KINDS.map((kind) => rest.filter((correction) => correction.kind === kind))
    .filter(({ length }) => length > 0)
    .map((same) => same.reduce(bothOf));
  return [...shown, ...folded];
}

function bothOf(a: Correction, b: Correction): Correction {
  return {
    kind: a.kind,
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    pointCount: a.pointCount + b.pointCount,
    reason: 'Many more of this kind; the first ones are told one by one.',
    before: sumOf(a.before, b.before),
    after: sumOf(a.after, b.after),
  };
}

function sumOf(a: StretchFigures, b: StretchFigures): StretchFigures {
  return {
    pointCount: a.pointCount + b.pointCount,
    distanceM: rounded(a.distanceM + b.distanceM),
    maxSpeedMps: Math.max(a.maxSpeedMps, b.maxSpeedMps),
  };
}

function withoutPlaces(track: Track, isOut: Uint8Array): Track {
  const [latDeg, lonDeg] = [track.latDeg.slice(), track.lonDeg.slice()];
  for (let at = 0; at < track.length; at += 1) if (isOut[at]) latDeg[at] = lonDeg[at] = Number.NaN;
  return { ...track, latDeg, lonDeg };
}
