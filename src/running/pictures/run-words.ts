import type { DistanceUnits } from '../profiles/preferences.js';
import { distanceWords, durationWords } from './picture-units.js';

// What a picture says of its run.

export interface WordedRun {
  readonly title: string | null;
  readonly startedAt: Date;
  readonly timeZone: string | null;
  readonly distanceM: number | null;
  readonly movingTimeS: number | null;
}

export function titleWords({ title }: WordedRun): string {
  return title ?? 'Run';
}

/** Its day where it was run, `2026-06-15`; in UTC where its zone is none that is known here. */
export function dayWords({ startedAt, timeZone }: WordedRun): string {
  try {
    // Sweden writes dates as ISO 8601 does.
    return new Intl.DateTimeFormat('sv-SE', { timeZone: timeZone ?? 'UTC', dateStyle: 'short' }).format(
      startedAt,
    );
  } catch {
    return startedAt.toISOString().slice(0, 10);
  }
}

export function subtitleWords(run: WordedRun, units: DistanceUnits): string {
  return [dayWords(run), distanceWords(run.distanceM, units), durationWords(run.movingTimeS)].join('  ·  ');
}
