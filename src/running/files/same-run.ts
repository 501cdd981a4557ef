// Whether a run of a file is one that is there already under another name: the same recording from another device or export. Two devices on one
// runner start seconds apart and agree on the distance within one or two percent; two runs of one runner do neither.

/** Between the starts. */
export const SAME_START_MS = 15_000;
const SAME_DISTANCE_SHARE = 0.02;
const SAME_DISTANCE_M = 30;

/** @param distanceM null = unknown; then the start alone decides */
export function isSameRun(
  a: { startedAtMs: number; distanceM: number | null },
  b: { startedAtMs: number; distanceM: number | null },
): boolean {
  if (Math.abs(a.startedAtMs - b.startedAtMs) > SAME_START_MS) return false;
  if (a.distanceM === null || b.distanceM === null) return true;
  const most = Math.max(SAME_DISTANCE_M, SAME_DISTANCE_SHARE * Math.max(a.distanceM, b.distanceM));
  return Math.abs(a.distanceM - b.distanceM) <= most;
}
