import {
  arrivalMsAt,
  distanceAtMoving,
  elapsedTimeOf,
  type GhostCurve,
  lengthOf,
  movingAtElapsed,
  movingMsAt,
  movingTimeOf,
} from '../ghosts/ghost-curve.js';
import type { LaneView } from './race-lane.js';
import type { GhostGap } from './race-update.js';

// What a place and a clock mean against one ghost.
//
// Live, a gap is how long the ghost moved between the two places: from where the runner is to where the ghost is at the same clock. Without
// stops that is the clock minus the ghost's time at the runner's place; with stops it has no step, neither where the ghost stood for ten minutes nor
// while either of them stands (running.md 4.2: the same difference of arrivals would jump by the whole stop there). At the finish line
// it is what a stopwatch says, stops included.

/** Told gaps within this of the truth are called right. */
const RIGHT_S = 2;
/** A trend is told when the pace differs by more than this and by two standard deviations. */
const LEAST_TREND = 0.01;

export function gapOf(
  ghostId: string,
  curve: GhostCurve,
  view: LaneView,
  clock: 'elapsed' | 'moving',
): GhostGap {
  const lengthM = lengthOf(curve);
  const isTold = view.elapsedS !== null && view.state !== 'wrong_way';
  if (!isTold) {
    return { ...UNTOLD, ghostId, state: view.state, basis: curve.basis, alongM: null, toGoM: null };
  }
  const elapsedMs = view.elapsedS * 1000;
  const movingMs = view.movingS! * 1000;
  const hereMs = movingMsAt(curve, view.alongM);
  const ghostMs = clock === 'elapsed' ? movingAtElapsed(curve, elapsedMs) : movingMs;
  const gapS = (view.finish === null ? ghostMs - hereMs : finishGapMs(curve, view, clock)) / 1000;
  const movingGapS = (view.finish === null ? movingMs - hereMs : finishGapMs(curve, view, 'moving')) / 1000;
  const ghostM = Math.min(lengthM, distanceAtMoving(curve, ghostMs));
  return {
    ghostId,
    state: view.state,
    basis: curve.basis,
    gapS,
    movingGapS,
    gapM: ghostM - view.alongM,
    sdS: view.gapSdS,
    confidence: view.isStale ? 0 : view.belief * within(RIGHT_S, view.gapSdS),
    trend: trendOf(view),
    alongM: Math.min(view.furthestM, lengthM),
    toGoM: Math.max(0, lengthM - view.furthestM),
    etaS: etaOf(curve, view, hereMs),
    isStale: view.isStale,
    hasGhostFinished: ghostMs >= movingTimeOf(curve),
  };
}

function finishGapMs(curve: GhostCurve, view: LaneView, clock: 'elapsed' | 'moving'): number {
  return clock === 'elapsed'
    ? view.finish!.elapsedS * 1000 - elapsedTimeOf(curve)
    : view.finish!.movingS * 1000 - movingTimeOf(curve);
}

/** Seconds the ghost needed for a place by a clock: for splits. */
export function ghostSecondsAt(curve: GhostCurve, alongM: number, clock: 'elapsed' | 'moving'): number {
  return (clock === 'elapsed' ? arrivalMsAt(curve, alongM) : movingMsAt(curve, alongM)) / 1000;
}

function trendOf({ state, pace, paceSd }: LaneView): GhostGap['trend'] {
  if (state !== 'racing' && state !== 'rejoined') return null;
  const away = pace - 1;
  if (Math.abs(away) < LEAST_TREND || Math.abs(away) < 2 * paceSd) return 'steady';
  return away > 0 ? 'gaining' : 'losing';
}

function etaOf(curve: GhostCurve, view: LaneView, hereMs: number): number | null {
  if (view.finish !== null) return 0;
  if (view.isStale || view.pace < 0.2) return null;
  return Math.max(0, (movingTimeOf(curve) - hereMs) / 1000 / view.pace);
}

/** Probability that a normal error of standard deviation `sd` is at most `most`. */
function within(most: number, sd: number): number {
  if (!(sd > 0)) return 1;
  // Abramowitz and Stegun 7.1.26, off by less than 1.5e-7.
  const x = most / sd / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 1 - poly * Math.exp(-x * x);
}

const UNTOLD = {
  gapS: null,
  movingGapS: null,
  gapM: null,
  sdS: null,
  confidence: null,
  trend: null,
  etaS: null,
  isStale: false,
  hasGhostFinished: false,
} as const;
