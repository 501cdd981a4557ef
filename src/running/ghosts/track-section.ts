import type { Pause, Track } from '../geo/track.js';

/**
 * The points of a track from one moment to another, both included, as a track of its own whose time begins with its first point. Between
 * two points nothing is made up: a section begins with the last point at or before its beginning, and ends with the first at or behind its end.
 * @param toMs null = the end
 */
export function sectionOf(
  track: Track,
  pauses: readonly Pause[],
  fromMs: number,
  toMs: number | null,
): { track: Track; pauses: Pause[]; startMs: number } {
  const first = Math.max(0, lastAtOrBefore(track.tMs, fromMs));
  const end = toMs === null ? track.length : Math.min(track.length, lastAtOrBefore(track.tMs, toMs) + 1);
  const isOnPoint = toMs === null || (end > 0 && track.tMs[end - 1] === toMs);
  const stop = Math.max(first, isOnPoint ? end : Math.min(track.length, end + 1));
  const startMs = track.tMs[first] ?? 0;
  const endMs = track.tMs[stop - 1] ?? startMs;
  const cut = (column: Float64Array): Float64Array => column.slice(first, stop);
  const cutIfAny = (column: Float64Array | null): Float64Array | null =>
    column === null ? null : cut(column);
  const deviceDistanceM = cutIfAny(track.deviceDistanceM);
  const startM = deviceDistanceM?.find((metres) => !Number.isNaN(metres)) ?? 0;
  return {
    startMs,
    track: {
      length: stop - first,
      tMs: cut(track.tMs).map((ms) => ms - startMs),
      latDeg: cut(track.latDeg),
      lonDeg: cut(track.lonDeg),
      altitudeM: cutIfAny(track.altitudeM),
      accuracyM: cutIfAny(track.accuracyM),
      heartRateBpm: cutIfAny(track.heartRateBpm),
      cadenceSpm: cutIfAny(track.cadenceSpm),
      deviceDistanceM: deviceDistanceM?.map((metres) => metres - startM) ?? null,
    },
    pauses: pauses
      .filter((pause) => pause.toMs > startMs && pause.fromMs < endMs)
      .map((pause) => ({
        fromMs: Math.max(pause.fromMs, startMs) - startMs,
        toMs: Math.min(pause.toMs, endMs) - startMs,
      })),
  };
}

/** -1 where all are later. */
function lastAtOrBefore(ascending: Float64Array, wanted: number): number {
  let low = -1;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ascending[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
