import type { Pause, Track } from '../geo/track.js';
import { Course } from '../races/course.js';
import { passingsOf } from '../races/curve-on-route.js';
import { traceRun } from '../races/run-trace.js';
import { type GhostCurve, lengthOf } from './ghost-curve.js';

// The ghost of one's best sections: on each piece of a route, whoever of all one's runs was fastest there. Nobody has run it yet, which is the
// point of racing it. Standing counts: a run that waited at a light was not the fastest there.

export interface CompositeSource {
  readonly id: string;
  readonly track: Track;
  readonly pauses: readonly Pause[];
}

export interface CompositeSection {
  readonly fromM: number;
  readonly toM: number;
  readonly sourceId: string;
  readonly durationMs: number;
  /** How much faster than the reference's own time here. */
  readonly gainMs: number;
}

export interface CompositeGhost {
  readonly curve: GhostCurve;
  readonly sections: readonly CompositeSection[];
}

export const COMPOSITE_SECTION_M = 500;
/** Within the first and last points of a section a passing may be missing; in the middle of it none. */
const SHORTEST_SECTION_M = 100;

/**
 * @param reference whose route it is; its own times count as well
 * @param sources runs that cover the route or parts of it in its direction; what they did not run is left to others
 * @throws RangeError for a reference without a route, or sections of less than `SHORTEST_SECTION_M`
 */
export function compositeGhost(
  reference: GhostCurve,
  referenceId: string,
  sources: readonly CompositeSource[],
  sectionM = COMPOSITE_SECTION_M,
): CompositeGhost {
  if (!(sectionM >= SHORTEST_SECTION_M)) throw new RangeError('A section has a length');
  const course = Course.of(reference);
  const runs = [{ id: referenceId, passedMs: reference.movingMs }];
  for (const { id, track, pauses } of sources) {
    const trace = traceRun(track, pauses, course);
    if (trace !== null) runs.push({ id, passedMs: passingsOf(course, trace) });
  }
  const movingMs = new Float64Array(reference.movingMs.length);
  const sections: CompositeSection[] = [];
  for (const [from, to] of cuts(reference, sectionM)) {
    const ownMs = reference.movingMs[to]! - reference.movingMs[from]!;
    let [best, bestMs] = [runs[0]!, ownMs];
    for (const run of runs) {
      const ms = durationOf(run.passedMs, from, to);
      if (ms < bestMs) [best, bestMs] = [run, ms];
    }
    for (let at = from + 1; at <= to; at += 1) {
      const ms = best.passedMs[at]! - best.passedMs[at - 1]!;
      movingMs[at] = movingMs[at - 1]! + Math.max(1, ms);
    }
    sections.push({
      fromM: reference.distanceM[from]!,
      toM: reference.distanceM[to]!,
      sourceId: best.id,
      durationMs: bestMs,
      gainMs: ownMs - bestMs,
    });
  }
  return { curve: { ...reference, movingMs, stops: [], startOffsetMs: 0 }, sections };
}

/** Infinity where the section was not run whole. */
function durationOf(passedMs: Float64Array, from: number, to: number): number {
  for (let at = from; at <= to; at += 1) if (Number.isNaN(passedMs[at]!)) return Infinity;
  return passedMs[to]! - passedMs[from]!;
}

/** Sections of equal length, as near to what was asked for as the route's points allow. */
function cuts(reference: GhostCurve, sectionM: number): [number, number][] {
  const last = reference.distanceM.length - 1;
  const count = Math.max(1, Math.round(lengthOf(reference) / sectionM));
  const bounds = Array.from({ length: count + 1 }, (_, index) => Math.round((index * last) / count));
  return bounds.slice(1).map((to, index): [number, number] => [bounds[index]!, to]);
}
