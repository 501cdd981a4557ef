import { cleanTrack } from '../files/clean-track.js';
import { NO_TOTALS, type Sport } from '../files/parsed-activity.js';
import { stretchFigures } from '../files/stretch-figures.js';
import type { LapMark, Pause, Track } from '../geo/track.js';
import type { RunEventKind, TrackCorrection } from '../runs/run-terms.js';
import { ascendingTimes } from './device-clock.js';
import type { FixColumns } from './fix-codec.js';

// What a recorded run is, from everything that the device has sent. A function of the SET of fixes and events: how often, in which order and
// how late they came makes no difference, and neither does how often the run was folded before.

/** A button that the runner pressed. */
export interface RunEvent {
  readonly kind: RunEventKind;
  /** The device's number of it. */
  readonly seq: number;
  readonly atMs: number;
}

export interface Recording {
  /** As the run's row says. */
  readonly startedAtMs: number;
  /** When the runner pressed stop; null = not told. */
  readonly finishedAtMs: number | null;
  readonly sport: string;
  /** In the order of their numbers. */
  readonly fixes: FixColumns;
  readonly events: readonly RunEvent[];
}

/** Its times count from the run's start and are not negative. */
export interface FoldedRun {
  readonly track: Track;
  readonly pauses: readonly Pause[];
  readonly laps: readonly LapMark[];
  readonly corrections: readonly TrackCorrection[];
}

/** So many fixes from before the start were kept by the system; more mean that the start was told by another clock. */
const MOST_EARLY = 30;
const SPORTS: readonly Sport[] = ['run', 'walk', 'hike', 'ride'];

const LEFT_OUT =
  'Fixes that the device gave out twice, or late with an old time: nobody knows when the runner was there.';
const EARLY = 'Fixes from before the start, which the device had kept.';
const SHIFTED = "The device's clock was changed during the run: times go on from where they were.";

export function foldRun({
  startedAtMs: toldStartMs,
  finishedAtMs,
  sport,
  fixes,
  events,
}: Recording): FoldedRun {
  const { atMs, isShifted } = ascendingTimes(fixes.atMs);
  const early = earlyFixes(atMs, toldStartMs);
  const isUsed = Array.from(atMs, (time, index) => !Number.isNaN(time) && !early.has(index));
  const used = isUsed.flatMap((isIn, index) => (isIn ? [index] : []));
  const first = used[0];
  // Where the run began before the start that was told, the two are by different clocks: times count from the first fix then.
  const startedAtMs = first === undefined ? toldStartMs : Math.min(toldStartMs, atMs[first]!);
  const track = trackOf(fixes, atMs, used, startedAtMs);
  const endMs = Math.max(track.tMs.at(-1) ?? 0, finishedAtMs === null ? 0 : finishedAtMs - startedAtMs);
  const told = (index: number): number => (Number.isNaN(atMs[index]!) ? fixes.atMs[index]! : atMs[index]!);
  const marked = (isMarked: (index: number) => boolean): [number, number][] =>
    stretchesOf(isUsed.map((_isIn, index) => isMarked(index)));
  const leftOut = marked((index) => !isUsed[index]! && !early.has(index));
  const shifted = marked((index) => isUsed[index]! && isShifted[index]!);
  const stretches = [
    ...leftOut.map((range) => ({ range, kind: 'time-backwards' as const, reason: LEFT_OUT, isOut: true })),
    ...marked((index) => early.has(index)).map((range) => ({
      range,
      kind: 'clock' as const,
      reason: EARLY,
      isOut: true,
    })),
    ...shifted.map((range) => ({ range, kind: 'clock' as const, reason: SHIFTED, isOut: false })),
  ];
  const corrections = stretches.map(({ range: [from, to], kind, reason, isOut }) => {
    const figures = stretchFigures({ tMs: fixes.atMs, latDeg: fixes.latDeg, lonDeg: fixes.lonDeg }, from, to);
    return {
      kind,
      fromMs: told(from) - startedAtMs,
      toMs: told(to) - startedAtMs,
      pointCount: to - from + 1,
      reason,
      before: figures,
      after: isOut ? { pointCount: 0, distanceM: 0, maxSpeedMps: 0 } : figures,
    };
  });
  const pauses = pausesOf(events, startedAtMs, endMs);
  const clean = cleanTrack({
    startedAtMs,
    sport: SPORTS.find((known) => known === sport) ?? 'run',
    track,
    pauses,
    laps: [],
    deviceTotals: NO_TOTALS,
    name: null,
    notes: null,
    corrections,
  });
  return {
    track: clean.track,
    pauses: clean.pauses,
    laps: lapsOf(events, startedAtMs, endMs),
    corrections: clean.corrections.map((correction) => ({
      ...correction,
      before: { ...correction.before },
      after: { ...correction.after },
    })),
  };
}

/** Fixes at the beginning that are older than the start and few enough to be a system's leftovers. */
function earlyFixes(atMs: Float64Array, startMs: number): ReadonlySet<number> {
  const early = new Set<number>();
  for (let index = 0; index < atMs.length; index += 1) {
    if (Number.isNaN(atMs[index]!)) continue;
    if (atMs[index]! >= startMs) return early.size <= MOST_EARLY ? early : new Set();
    early.add(index);
  }
  return new Set(); // nothing but early fixes: the start is wrong, not they
}

function trackOf(fixes: FixColumns, atMs: Float64Array, used: readonly number[], startMs: number): Track {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(used, (index) => column[index]!);
  const told = (column: Float64Array): Float64Array | null => {
    const picked = pick(column);
    return picked.some((value) => !Number.isNaN(value)) ? picked : null;
  };
  return {
    length: used.length,
    tMs: Float64Array.from(used, (index) => atMs[index]! - startMs),
    latDeg: pick(fixes.latDeg),
    lonDeg: pick(fixes.lonDeg),
    altitudeM: told(fixes.altitudeM),
    accuracyM: told(fixes.accuracyM),
    heartRateBpm: told(fixes.heartRateBpm),
    cadenceSpm: told(fixes.cadenceSpm),
    deviceDistanceM: null,
  };
}

/** @returns first and last index of each unbroken stretch of what is marked */
function stretchesOf(marks: readonly boolean[]): [from: number, to: number][] {
  const stretches: [number, number][] = [];
  marks.forEach((isMarked, index) => {
    if (!isMarked) return;
    const last = stretches.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else stretches.push([index, index]);
  });
  return stretches;
}

/** Presses in order of time; of two in a row of one kind the first counts, and one that was not ended lasts until the end. */
export function pausesOf(events: readonly RunEvent[], startMs: number, endMs: number): Pause[] {
  const presses = inOrder(events.filter(({ kind }) => kind !== 'lap'));
  const pauses: Pause[] = [];
  let fromMs: number | null = null;
  const close = (toMs: number): void => {
    if (fromMs !== null && toMs > fromMs) pauses.push({ fromMs, toMs });
    fromMs = null;
  };
  for (const { kind, atMs } of presses) {
    const at = clamp(atMs - startMs, endMs);
    if (kind === 'resume') close(at);
    else fromMs ??= at;
  }
  close(endMs);
  return pauses;
}

/** Laps end where the button was pressed, and the last one with the run. */
export function lapsOf(events: readonly RunEvent[], startMs: number, endMs: number): LapMark[] {
  const ends = inOrder(events.filter(({ kind }) => kind === 'lap')).map(({ atMs }) =>
    clamp(atMs - startMs, endMs),
  );
  const pressed = [...new Set(ends)].filter((end) => end > 0 && end < endMs);
  if (pressed.length === 0) return [];
  return [...pressed, endMs].map((end) => ({ endMs: end, distanceM: null, trigger: 'manual' }));
}

function inOrder(events: readonly RunEvent[]): RunEvent[] {
  return [...events].sort((a, b) => a.atMs - b.atMs || a.seq - b.seq || (a.kind < b.kind ? -1 : 1));
}

function clamp(ms: number, endMs: number): number {
  return Math.min(Math.max(ms, 0), endMs);
}
