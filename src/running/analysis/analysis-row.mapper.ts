import type { RunAnalysis } from './analyse-run.js';
import type { AnalysisRow } from './analyses.repository.js';
import { sustainedBpm } from './heart-rate-histogram.js';
import type { Split } from './splits.js';

/** Shorter peaks are a strap's. */
const SUSTAINED_S = 10;

export function toAnalysisRow(
  subject: { readonly runId: string; readonly userId: string; readonly version: number },
  rulesVersion: number,
  analysis: RunAnalysis,
  analysedAt: Date,
): AnalysisRow {
  const { heartRate, steadyState, splits } = analysis;
  return {
    runId: subject.runId,
    userId: subject.userId,
    rulesVersion,
    trackVersion: subject.version,
    distanceBasis: analysis.distanceBasis,
    activeTimeS: analysis.activeTimeS,
    gradeAdjustedPaceSPerKm: analysis.gradeAdjustedPaceSPerKm,
    energyAdjustedPaceSPerKm: analysis.energyAdjustedPaceSPerKm,
    normalisedSpeedMps: analysis.normalisedSpeedMps,
    steadySpeedMps: steadyState?.speedMps ?? null,
    steadyHeartRateBpm: steadyState?.heartRateBpm ?? null,
    decouplingPct: analysis.decouplingPct,
    strideLengthM: analysis.strideLengthM,
    sustainedHeartRateBpm: heartRate === null ? null : sustainedBpm(heartRate, SUSTAINED_S),
    heartRateFromBpm: heartRate?.fromBpm ?? null,
    heartRateSeconds: heartRate === null ? null : [...heartRate.seconds],
    splitsKm: splits.km.map(rounded),
    splitsMi: splits.mi.map(rounded),
    analysedAt,
  };
}

/** To thousandths, which is finer than any of it was measured and a third of the digits. */
function rounded(split: Split): Split {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const maybe = (value: number | null): number | null => (value === null ? null : round(value));
  return {
    number: split.number,
    distanceM: round(split.distanceM),
    elapsedTimeS: round(split.elapsedTimeS),
    movingTimeS: round(split.movingTimeS),
    paceSPerKm: maybe(split.paceSPerKm),
    gradeAdjustedPaceSPerKm: maybe(split.gradeAdjustedPaceSPerKm),
    elevationGainM: maybe(split.elevationGainM),
    elevationLossM: maybe(split.elevationLossM),
    averageHeartRateBpm: maybe(split.averageHeartRateBpm),
    averageCadenceSpm: maybe(split.averageCadenceSpm),
  };
}
