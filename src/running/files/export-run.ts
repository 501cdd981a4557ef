import type { LapMark, Pause, Track } from '../geo/track.js';
import type { Sport } from './parsed-activity.js';

/** What the writers of files take of a run. Times of the rest count from `startedAtMs`. */
export interface ExportRun {
  /** Unix milliseconds, whole ones. */
  readonly startedAtMs: number;
  readonly sport: Sport;
  readonly name: string | null;
  readonly notes: string | null;
  readonly track: Track;
  readonly pauses: readonly Pause[];
  readonly laps: readonly LapMark[];
  /** Metres since the start at each point, ascending, for laps and sums. */
  readonly distanceM: ArrayLike<number>;
  readonly caloriesKcal: number | null;
}

export const EXPORT_FORMATS = ['gpx', 'tcx', 'fit'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Points before each turn of whoever else is served. */
export const EXPORT_PORTION = 1_000;

/**
 * The points between pauses, as ranges of indices, both ends counted. Points within a pause belong to none: formats that tell pauses by
 * segments could not tell them apart from running.
 */
export function segmentsOf(
  { tMs, length }: Track,
  pauses: readonly Pause[],
): [first: number, last: number][] {
  const ordered = [...pauses].sort((a, b) => a.fromMs - b.fromMs);
  const segments: [number, number][] = [];
  // Pauses that are over, at this point and at the last one of the open segment.
  let [over, overBefore] = [0, 0];
  let open: [number, number] | undefined;
  for (let at = 0; at < length; at += 1) {
    while (over < ordered.length && ordered[over]!.toMs <= tMs[at]!) over += 1;
    if (over < ordered.length && ordered[over]!.fromMs < tMs[at]!) continue;
    if (open && over === overBefore) open[1] = at;
    else segments.push((open = [at, at]));
    overBefore = over;
  }
  return segments;
}

/** For text and attributes; characters that XML cannot hold go. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
