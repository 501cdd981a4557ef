import type { DistanceCurve } from '../analysis/distance-curve.js';
import { distanceCurveOf } from '../analysis/distance-curve.js';
import type { Pause, Track } from '../geo/track.js';
import { pickPoints } from './level-of-detail.js';

// Columns of a run for charts: a range of it, in the detail that a screen has room for.

export const STREAM_KEYS = [
  'distanceM',
  'place',
  'altitudeM',
  'speedMps',
  'heartRateBpm',
  'cadenceSpm',
  'accuracyM',
] as const;
export type StreamKey = (typeof STREAM_KEYS)[number];

/** How many points an answer has at most. */
export const RESOLUTION_POINTS = { low: 100, medium: 1_000, high: 10_000 } as const;
export type Resolution = keyof typeof RESOLUTION_POINTS;
export const RESOLUTIONS = Object.keys(RESOLUTION_POINTS) as Resolution[];

/** Numbers in the order of time; null = not told at that moment. A column that was not asked for, or never told, is null. */
export interface RunStreams {
  /** Points of the range before any were left out. */
  readonly originalCount: number;
  readonly timeS: number[];
  readonly distanceM: (number | null)[] | null;
  readonly latDeg: (number | null)[] | null;
  readonly lonDeg: (number | null)[] | null;
  readonly altitudeM: (number | null)[] | null;
  readonly speedMps: (number | null)[] | null;
  readonly heartRateBpm: (number | null)[] | null;
  readonly cadenceSpm: (number | null)[] | null;
  readonly accuracyM: (number | null)[] | null;
}

/** Over which a speed is read: receivers repeat places for a second or two. */
const SPEED_WINDOW_MS = 10_000;

/**
 * @param keys which columns; their lows and highs are among the points that stay
 * @param range seconds since the start, both ends included; null = open
 */
export function streamsOf(
  track: Track,
  pauses: readonly Pause[],
  keys: ReadonlySet<StreamKey>,
  range: { readonly fromS: number | null; readonly toS: number | null },
  resolution: Resolution,
): RunStreams {
  const from = range.fromS === null ? 0 : firstAtLeast(track.tMs, range.fromS * 1_000);
  const end = range.toS === null ? track.length : firstAtLeast(track.tMs, range.toS * 1_000 + 1e-6);
  const curve = keys.has('distanceM') || keys.has('speedMps') ? distanceCurveOf(track, pauses) : null;
  const wanted = (key: StreamKey, column: Float64Array | null): Float64Array | null =>
    keys.has(key) && column !== null && column.some((value) => !Number.isNaN(value)) ? column : null;
  const hasDistance = curve !== null && curve.basis !== 'none';
  const columns = {
    distanceM: wanted('distanceM', hasDistance ? curve.distanceM : null),
    latDeg: wanted('place', track.latDeg),
    lonDeg: wanted('place', track.lonDeg),
    altitudeM: wanted('altitudeM', track.altitudeM),
    speedMps: wanted('speedMps', hasDistance && keys.has('speedMps') ? speedsOf(curve) : null),
    heartRateBpm: wanted('heartRateBpm', track.heartRateBpm),
    cadenceSpm: wanted('cadenceSpm', track.cadenceSpm),
    accuracyM: wanted('accuracyM', track.accuracyM),
  };
  const series = Object.values(columns).filter((column) => column !== null);
  const points = pickPoints(track.tMs, series, from, end, RESOLUTION_POINTS[resolution]);
  const picked = (column: Float64Array | null): (number | null)[] | null =>
    column && points.map((index) => (Number.isNaN(column[index]!) ? null : column[index]!));
  return {
    originalCount: Math.max(0, end - from),
    timeS: points.map((index) => track.tMs[index]! / 1_000),
    distanceM: picked(columns.distanceM),
    latDeg: picked(columns.latDeg),
    lonDeg: picked(columns.lonDeg),
    altitudeM: picked(columns.altitudeM),
    speedMps: picked(columns.speedMps),
    heartRateBpm: picked(columns.heartRateBpm),
    cadenceSpm: picked(columns.cadenceSpm),
    accuracyM: picked(columns.accuracyM),
  };
}

/** Speed around each point by the watch's clock, over a few seconds; 0 where it stands still. */
export function speedsOf({ activeMs, distanceM }: DistanceCurve): Float64Array {
  const speeds = new Float64Array(activeMs.length);
  let [before, after] = [0, 0];
  for (let index = 0; index < activeMs.length; index += 1) {
    while (activeMs[before]! < activeMs[index]! - SPEED_WINDOW_MS / 2 && before < index) before += 1;
    after = Math.max(after, index);
    while (after + 1 < activeMs.length && activeMs[after + 1]! <= activeMs[index]! + SPEED_WINDOW_MS / 2)
      after += 1;
    let [low, high] = [before, after];
    if (low === high) [low, high] = [Math.max(0, index - 1), Math.min(activeMs.length - 1, index + 1)];
    const lastsMs = activeMs[high]! - activeMs[low]!;
    speeds[index] = lastsMs > 0 ? ((distanceM[high]! - distanceM[low]!) * 1_000) / lastsMs : 0;
  }
  return speeds;
}

function firstAtLeast(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
