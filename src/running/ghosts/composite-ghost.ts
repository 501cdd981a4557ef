import type { Pause, Track } from '../geo/track.js';
import { Course } from '../races/course.js';
import { closeEnds, passingsOf } from '../races/route-passings.js';
import { traceRun } from '../races/run-trace.js';
import { arrivalMsAt, type GhostCurve, lengthOf } from './ghost-curve.js';

// The ghost of one's best sections: on each piece of a route, whoever of all one's runs was fastest there. Nobody has run it yet, which is the
// point of racing it. Standing counts: a run that waited at a light was not the fastest there.

export interface CompositeSource {
  readonly id: string;
  readonly track: Track;
  readonly pauses: readonly Pause[];
}

/** When one run passed the points of the reference's route, milliseconds from anywhere; NaN where it did not. */
export interface CompositeRun {
  readonly id: string;
  readonly passedMs: Float64Array;
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
/** Shorter ones would be won by the errors of receivers. */
const SHORTEST_SECTION_M = 100;

/** A run on the route of another. @returns null where it never was on it in its direction */
export function compositeRunOf(
  reference: GhostCurve,
  { id, track, pauses }: CompositeSource,
): CompositeRun | null {
  const course = Course.of(reference);
  const trace = traceRun(track, pauses, course);
  return trace === null ? null : { id, passedMs: closeEnds(course, passingsOf(course, trace)) };
}

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
  const runs = sources.flatMap((source) => compositeRunOf(reference, source) ?? []);
  return bestSections(reference, referenceId, runs, sectionM);
}

/** @param others on the reference's route @throws RangeError likewise */
export function bestSections(
  reference: GhostCurve,
  referenceId: string,
  others: readonly CompositeRun[],
  sectionM: number,
): CompositeGhost {
  if (!(sectionM >= SHORTEST_SECTION_M)) throw new RangeError('A section has a length');
  const passedMs = reference.distanceM.map((alongM) => arrivalMsAt(reference, alongM));
  const runs: CompositeRun[] = [{ id: referenceId, passedMs }, ...others];
  const movingMs = new Float64Array(reference.movingMs.length);
  const sections: CompositeSection[] = [];
  for (const [from, to] of cuts(reference, sectionM)) {
    const ownMs = passedMs[to]! - passedMs[from]!;
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
