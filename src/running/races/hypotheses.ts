import type { Course } from './course.js';
import { PaceModes, type PaceModesSnapshot } from './pace-modes.js';

// Suppositions about where somebody is, of which the first one is believed.

export interface Hypothesis {
  readonly modes: PaceModes;
  /** Logarithm, relative to the others. */
  weight: number;
  agreeing: number;
  contradictedS: number;
}

export interface HypothesisSnapshot {
  readonly modes: PaceModesSnapshot;
  readonly weight: number;
  readonly agreeing: number;
  readonly contradictedS: number;
}

/** Nearer to each other than this, two hypotheses are one. */
export const SAME_M = 20;
/** Contradicted for so long, other places are looked for. */
export const DOUBT_S = 4;
/** Less likely than the first by more (as a logarithm), one is dropped. */
const HOPELESS = 12;

export function snapshotOf({ modes, weight, agreeing, contradictedS }: Hypothesis): HypothesisSnapshot {
  return { modes: modes.snapshot(), weight, agreeing, contradictedS };
}

export function restored({ modes: snapshot, ...counts }: HypothesisSnapshot): Hypothesis {
  const modes = new PaceModes();
  modes.restore(snapshot);
  return { modes, ...counts };
}

/** The first one and whichever of the others may still come to replace it. */
export function stillOpen(hypotheses: readonly Hypothesis[], course: Course): Hypothesis[] {
  const first = hypotheses[0]!;
  const firstM = course.alongAtTime(first.modes.mean[0]!);
  return hypotheses.filter((other) => {
    if (other === first) return true;
    if (other.contradictedS >= DOUBT_S) return false;
    if (first.contradictedS > 0) return true;
    const awayM = Math.abs(course.alongAtTime(other.modes.mean[0]!) - firstM);
    return other.weight > first.weight - HOPELESS && awayM > SAME_M / 2;
  });
}
