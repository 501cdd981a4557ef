import type { Pause, Track } from '../geo/track.js';
import { sectionOf } from '../ghosts/track-section.js';
import { judgePlausibility } from './plausibility.js';
import type { PlausibilityMark } from './race-kinds.js';
import type { SettledFigures } from './settled-result.js';

// What an official result is marked with: what of the race itself, from line to line, can hardly have been run, and what of its route was left
// out. What somebody did before the start or behind the finish is no part of it. A mark decides nothing; whoever sees the result judges.

/** A receiver that jumps all the time says so a few times; the weightiest are kept. */
const MOST_MARKS = 12;

/** Empty where the race never began. */
export function marksOf(
  track: Track,
  pauses: readonly Pause[],
  { startedAtMs, gapCurve, leftRoute }: SettledFigures,
): PlausibilityMark[] {
  if (startedAtMs === null) return [];
  const endedAtMs = startedAtMs + (gapCurve.timeS.at(-1) ?? 0) * 1_000;
  const race = sectionOf(track, pauses, startedAtMs, endedAtMs);
  const findings = judgePlausibility(race.track, race.pauses);
  const left = leftRoute.map(({ fromM, toM }): PlausibilityMark => ({
    code: 'left_route',
    weight: 'doubt',
    detail: `Between ${Math.round(fromM)} and ${Math.round(toM)} m the run was not on the route.`,
  }));
  const seen = findings.map(({ code, weight, text }): PlausibilityMark => ({ code, weight, detail: text }));
  return [...left, ...seen].slice(0, MOST_MARKS);
}
