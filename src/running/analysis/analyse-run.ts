// All that is kept of a run's analysis, from its track alone: no setting of the runner goes in, so nothing of it grows stale when one
// changes. Whoever changes what a rule of this folder comes to raises the version: a job then analyses all runs again.
import type { Pause, Track } from '../geo/track.js';
import { type BestEffort, bestEffortsOf } from './best-efforts.js';
import type { DistanceCurve } from './distance-curve.js';
import { gradedDistanceInPortions } from './graded-distance.js';
import { type HeartRateHistogram, heartRateHistogramOf } from './heart-rate-histogram.js';
import { normalisedSpeedMps } from './normalised-speed.js';
import { runCurvesInPortions } from './run-curves.js';
import { SPLIT_M, type Split, splitsOf, type SplitUnit } from './splits.js';
import { decouplingPct, type SteadyState, steadyStateOf } from './steady-state.js';
import { strideLengthM } from './stride.js';
import { PLAUSIBLE_CADENCE_SPM } from './track-summary.js';
import { meanOverTime } from './weighted-mean.js';

export const ANALYSIS_RULES_VERSION = 1;

/** Null = the track does not tell. */
export interface RunAnalysis {
  readonly distanceBasis: DistanceCurve['basis'];
  /** Outside of pauses, standing or moving. */
  readonly activeTimeS: number;
  readonly splits: Readonly<Record<SplitUnit, readonly Split[]>>;
  readonly bestEfforts: readonly BestEffort[];
  /** Moving seconds per kilometre of level ground that would have been as hard, by equal heart rate and by energy (Minetti). */
  readonly gradeAdjustedPaceSPerKm: number | null;
  readonly energyAdjustedPaceSPerKm: number | null;
  readonly normalisedSpeedMps: number | null;
  readonly heartRate: HeartRateHistogram | null;
  readonly steadyState: SteadyState | null;
  readonly decouplingPct: number | null;
  readonly strideLengthM: number | null;
}

/** O(n) for a track of n points. */
export function* analyseRun(track: Track, pauses: readonly Pause[]): Generator<void, RunAnalysis> {
  const curves = yield* runCurvesInPortions(track, pauses);
  const { distance, movingMs, altitudeM, gradedM } = curves;
  const movingTimeS = (movingMs.at(-1) ?? 0) / 1000;
  const paceOver = (metres: number | undefined): number | null =>
    altitudeM !== null && metres !== undefined && metres > 0 && movingTimeS > 0
      ? (movingTimeS * 1000) / metres
      : null;
  yield;
  const byEnergyM =
    altitudeM === null ? null : yield* gradedDistanceInPortions(distance.distanceM, altitudeM, 'minetti');
  yield;
  const cadence = meanOverTime(track.cadenceSpm, distance.activeMs, PLAUSIBLE_CADENCE_SPM);
  yield;
  const km = splitsOf(curves, SPLIT_M.km);
  yield;
  const mi = splitsOf(curves, SPLIT_M.mi);
  yield;
  const bestEfforts = distance.basis === 'none' ? [] : yield* bestEffortsOf(distance.tMs, distance.distanceM);
  const speedMps = distance.basis === 'none' ? null : yield* normalisedSpeedMps(distance.activeMs, gradedM);
  const heartRate = heartRateHistogramOf(track.heartRateBpm, distance.activeMs);
  yield;
  const steadyState = steadyStateOf(curves);
  yield;
  const hasStride = cadence !== null && distance.totalM > 0 && movingTimeS > 0;
  return {
    distanceBasis: distance.basis,
    activeTimeS: (distance.activeMs.at(-1) ?? 0) / 1000,
    splits: { km, mi },
    bestEfforts,
    gradeAdjustedPaceSPerKm: paceOver(gradedM.at(-1)),
    energyAdjustedPaceSPerKm: paceOver(byEnergyM?.at(-1)),
    normalisedSpeedMps: speedMps,
    heartRate,
    steadyState,
    decouplingPct: decouplingPct(curves),
    strideLengthM: hasStride ? strideLengthM(distance.totalM / movingTimeS, cadence.mean) : null,
  };
}
